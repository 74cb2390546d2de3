"""A new chapter, ready to be written: module, notebook, table with its description, messages, and a test.

What it makes is complete: it shows what has been published about its catalogue items, which is nothing until rows are
put into its table. From there it is the analyst's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import jinja2
import nbformat
import pandas as pd

from reportkit.chapters import Edition, discover
from reportkit.errors import SettingsError, nearest
from reportkit.load import Reader
from reportkit.manifest import write_registry
from reportkit.modules import PACKAGE
from reportkit.project import LANGUAGES, Project
from reportkit.schema import DESCRIPTOR
from reportkit.storage import write_whole
from reportkit.text import LOCALE
from reportkit.units import LABELS

# The chapter's first messages; it changes and adds to them as its own.
_MESSAGES: dict[str, dict[str, str]] = {
    "zh": {
        "answer.some": "{area}{year}年已公开{count}数据。",
        "answer.nothing": "{area}{year}年这方面的数据尚未公开。",
        "no_values": "尚未公开。",
        "title": "已公开的数字",
        "column.indicator": "指标",
    },
    "en": {
        "answer.some": "For {area}, {count} figures of {year} have been disclosed.",
        "answer.nothing": "Nothing of this has been disclosed for {area} in {year}.",
        "no_values": "Not disclosed.",
        "title": "Figures disclosed",
        "column.indicator": "Indicator",
    },
}


def new_chapter(project: Project, slug: str, names: Mapping[str, str] | None = None) -> list[Path]:
    """Write a chapter called *slug* and return its files; its *names* by language, where the catalogue has no items.

    Raises SettingsError for a project that is like another one, for a chapter that is there, for one that neither the
    catalogue nor *names* name, and for a file that is there: nothing is written then.
    """
    if project.like:
        raise SettingsError(
            f"The chapters of this project are those of {project.like}.",
            where=str(project.root),
            do="write the chapter there",
        )
    catalogue = _catalogue(project, slug, names or {})
    about = _about(project, slug, catalogue)
    files = dict(_files(project, about))
    if standing := [path for path in files if path.exists()]:
        raise SettingsError("There is a file where the chapter would be.", where=str(standing[0]))
    files[project.data / DESCRIPTOR] = _with_table(project.data / DESCRIPTOR, about)
    if names:
        files[project.data / "catalogue.csv"] = pd.DataFrame(catalogue).to_csv(index=False, lineterminator="\n")
    for path, content in files.items():
        write_whole(path, content.encode())
    return [*files, write_registry(project.data)]


def _catalogue(project: Project, slug: str, names: Mapping[str, str]) -> list[dict[Any, Any]]:
    """The rows of the catalogue, with an item for a chapter of these *names*, which is beyond the plan."""
    rows = Reader(project).rows("catalogue").to_dict("records")
    there = dict.fromkeys(row["chapter"] for row in rows)
    if slug in discover():
        raise SettingsError(f"There is a chapter '{slug}' already.", where=f"src/reportkit/chapters/{slug}.py")
    if not re.fullmatch("[a-z][a-z0-9_]*", slug):
        raise SettingsError(f"'{slug}' cannot be a chapter's name.", expected="small letters, digits and underscores")
    if bool(names) == (slug in there):
        raise SettingsError(
            f"The catalogue has {'' if names else 'no '}items for a chapter '{slug}'.",
            where="data/catalogue.csv, column chapter",
            do="leave its names out" if names else f"{nearest(slug, there)} Or name it: --zh … --en …",
        )
    if not names:
        return rows
    free = sorted({f"Z{number}" for number in range(1, 10)} - {row["item_id"] for row in rows})
    if not free:
        raise SettingsError("There is no number for another item beyond the plan.", expected="one of Z1 to Z9")
    own = {
        "item_id": free[0],
        **{"system": "规划之外", "system_en": "Beyond the plan", "seed_clause": "规划之外"},
        **{f"item_{language}": name for language, name in names.items()},
        **{"chapter": slug, "scope": "city+district", "what_a_reader_must_find": names["en"]},
    }
    return [*rows, own]


def _about(project: Project, slug: str, rows: Sequence[Mapping[Any, Any]]) -> dict[str, Any]:
    """The items of the chapter, its names and its place among the others, as the catalogue's *rows* have them."""
    own = [row for row in rows if row["chapter"] == slug]
    items = [{"id": row["item_id"], "name_zh": row["item_zh"], "name_en": row["item_en"]} for row in own]
    name = {"zh": own[0]["item_zh"], "en": own[0]["item_en"]}
    if len(own) > 1:
        name = {"zh": own[0]["system"], "en": own[0]["system_en"]}
    order = 10 * (1 + list(dict.fromkeys(row["chapter"] for row in rows)).index(slug))
    edition = Edition.of(project, project.settings.years[-1], project.settings.languages[0])
    return {
        "slug": slug,
        "class": "".join(part.title() for part in slug.split("_")),
        "order": order,
        "items": items,
        "name": name,
        "name_en": name["en"],
        "edition": edition,
        "district": next(iter(edition.districts), edition.city),
    }


def _files(project: Project, about: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """Each file of the chapter with its content."""
    slug = about["slug"]
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(PACKAGE / "templates" / "chapter"),
        trim_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
    )
    yield PACKAGE / "chapters" / f"{slug}.py", templates.get_template("module.py.jinja").render(about)
    yield project.root / "notebooks" / f"{slug}.ipynb", _notebook(about)
    yield project.data / slug / "published.csv", f"{','.join(field['name'] for field in _fields(about))}\n"
    for language in LANGUAGES:
        content = templates.get_template("messages.po.jinja").render(about, language=language, messages=_MESSAGES)
        yield LOCALE / language / f"{slug}.po", content
    yield project.root / "tests" / "chapters" / f"test_{slug}.py", templates.get_template("test.py.jinja").render(about)


def _notebook(about: Mapping[str, Any]) -> str:
    """The notebook: title, parameters, the answer, and a section for each item, in both languages."""
    slug, kind, name = about["slug"], about["class"], about["name"]
    cells = [
        _prose("zh", f"# {{{{ district_name }}}} {{{{ year }}}} 年{name['zh']}"),
        _prose("en", f"# {name['en']} in {{{{ district_name }}}}, {{{{ year }}}}"),
        nbformat.v4.new_code_cell(_parameters(about), metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell(
            f"from reportkit.chapters.{slug} import {kind}\n\nchapter = {kind}.open(district, year, language)"
        ),
        nbformat.v4.new_code_cell("chapter.answer()"),
    ]
    for item in about["items"]:
        anchor = re.sub("[^a-z]+", "-", item["name_en"].lower()).strip("-")
        cells += [_prose(language, f"({anchor})=\n## {item[f'name_{language}']}") for language in LANGUAGES]
        cells.append(nbformat.v4.new_code_cell(f"chapter.{item['id'].lower()}()"))
    for number, cell in enumerate(cells, start=1):
        cell.id = f"c{number:02}"
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return f"{nbformat.writes(nbformat.v4.new_notebook(cells=cells, metadata=metadata))}\n"


def _prose(language: str, source: str) -> nbformat.NotebookNode:
    cell: nbformat.NotebookNode = nbformat.v4.new_markdown_cell(source, metadata={"tags": [language]})
    return cell


def _parameters(about: Mapping[str, Any]) -> str:
    """The cell of parameters, as every notebook has it: the first district and language, the newest year."""
    edition = about["edition"]
    return (
        f'district = "{about["district"].slug}"  # slug of the district, or of the city, as in data/areas.csv\n'
        f"year = {edition.year}  # reporting year\n"
        f'language = "{edition.language}"  # {" or ".join(LANGUAGES)}'
    )


def _with_table(descriptor: Path, about: Mapping[str, Any]) -> str:
    """The description of all tables with that of the chapter's own."""
    described = json.loads(descriptor.read_text(encoding="utf-8"))
    slug = about["slug"]
    (catalogue,) = (it for it in described["resources"] if it["name"] == "catalogue")
    (chapters,) = (it["constraints"]["enum"] for it in catalogue["schema"]["fields"] if it["name"] == "chapter")
    chapters += [slug] if slug not in chapters else []
    described["resources"].append(
        {
            "name": f"{slug}/published",
            "type": "table",
            "path": f"{slug}/published.csv",
            "title": f"已发布的数据：{about['name']['zh']}",
            "title_en": f"Published figures: {about['name']['en']}",
            "scheme": "file",
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "schema": {
                "fields": list(_fields(about)),
                "missingValues": [""],
                "primaryKey": ["area_code", "indicator", "year"],
                "foreignKeys": [
                    {"fields": [column], "reference": {"resource": table, "fields": [column]}}
                    for column, table in (("area_code", "areas"), ("item_id", "catalogue"), ("source_id", "sources"))
                ],
            },
        }
    )
    return f"{json.dumps(described, ensure_ascii=False, indent=2)}\n"


def _fields(about: Mapping[str, Any]) -> Sequence[dict[str, Any]]:
    """The columns of the chapter's table: a published figure in each row."""

    def field(name: str, kind: str, zh: str, en: str, **constraints: Any) -> dict[str, Any]:
        return {
            "name": name,
            "type": kind,
            "title": zh,
            "title_en": en,
            "constraints": {"required": True, **constraints},
        }

    return [
        field("area_code", "string", "区划代码", "Area code", pattern="[0-9]{6}"),
        field("item_id", "string", "目录项", "Catalogue item", enum=[item["id"] for item in about["items"]]),
        field("indicator", "string", "指标", "Indicator", pattern="[a-z][a-z0-9_]*"),
        field("name_zh", "string", "中文名称", "Name in Chinese"),
        field("name_en", "string", "英文名称", "Name in English"),
        field("year", "year", "年份", "Year"),
        field("value", "number", "数值", "Value"),
        field("unit", "string", "单位", "Unit", enum=[unit for unit in LABELS if unit]),
        field("status", "string", "数据状态", "Status", enum=["official", "provisional", "demonstration"]),
        field("source_id", "string", "来源", "Source"),
    ]
