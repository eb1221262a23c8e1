"""Reading a brief's document: Word, presentations, plain text, and files that cannot be read."""

import io
import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.importers import package, read_document
from campaigns.rules import brief
from core.errors import RuleBroken

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
P = (
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
STYLES = f"""<w:styles {W}>
<w:style w:styleId="1"><w:name w:val="heading 1"/></w:style>
<w:style w:styleId="2"><w:name w:val="Chapter"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
<w:style w:styleId="3"><w:name w:val="Mine"/><w:basedOn w:val="1"/></w:style>
<w:style w:styleId="T"><w:name w:val="Title"/></w:style>
<w:style w:styleId="L"><w:name w:val="Loop"/><w:basedOn w:val="M"/></w:style>
<w:style w:styleId="M"><w:name w:val="Loop 2"/><w:basedOn w:val="L"/></w:style>
</w:styles>"""


def packed(parts, compression=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    file.seek(0)
    return file


def docx(body, styles=STYLES):
    return packed(
        {"word/document.xml": f"<w:document {W} {MC}><w:body>{body}</w:body></w:document>", "word/styles.xml": styles}
    )


def par(text, style="", extra="", run=""):
    style = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{style}{extra}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


def row(*cells):
    return "<w:tr>" + "".join(f"<w:tc>{cell}</w:tc>" for cell in cells) + "</w:tr>"


ITEM = '<w:numPr><w:ilvl w:val="{}"/><w:numId w:val="1"/></w:numPr>'


def test_word_headings_come_from_styles_and_outline_levels():
    body = (
        par("Aurora", "T")
        + par("核心目标", "1")
        + par("拉新 10 万")
        + par("Detail", "2")
        + par("Budget", "3")
        + par("Timeline", extra='<w:outlineLvl w:val="0"/>')
        + par("text", "L")
        + par("body", "1", extra='<w:outlineLvl w:val="9"/>')
    )

    assert read_document(docx(body), "brief.docx").split("\n\n") == [
        "# Aurora",
        "# 核心目标",
        "拉新 10 万",
        "## Detail",
        "# Budget",
        "# Timeline",
        "text",
        "body",
    ]


def test_word_lists_bold_lines_and_breaks():
    body = (
        par("Goal", run="<w:b/>")
        + par("not bold", run='<w:b w:val="0"/>')
        + par("one", extra=ITEM.format(0))
        + par("two", extra=ITEM.format(1))
        + "<w:p><w:r><w:t>a</w:t><w:br/><w:t>b</w:t><w:tab/><w:t>c</w:t></w:r></w:p>"
        + "<w:p/>"
    )

    assert read_document(docx(body), "b.docx") == "**Goal**\n\nnot bold\n\n- one\n  - two\n\na\nb\tc"


def test_word_tracked_changes_and_text_boxes_are_read_once():
    body = (
        "<w:p><w:r><w:t>Keep </w:t></w:r><w:del><w:r><w:delText>old</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>new</w:t></w:r></w:ins><w:hyperlink><w:r><w:t> link</w:t></w:r></w:hyperlink></w:p>"
        "<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p></w:txbxContent>"
        "</mc:Choice><mc:Fallback><w:txbxContent><w:p><w:r><w:t>box</w:t></w:r></w:p></w:txbxContent></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
        f"<w:sdt><w:sdtContent>{par('inside a control')}</w:sdtContent></w:sdt>"
    )

    assert read_document(docx(body), "b.docx") == "Keep new link\n\nbox\n\ninside a control"


def test_word_tables_become_markdown():
    table = (
        "<w:tbl>"
        + row(par("KPI"), par("Target"))
        + row(par("CTR | CVR"), par("2 %") + par("3 %"))
        + row(par("x"))
        + "</w:tbl>"
    )

    assert read_document(docx(table), "b.docx") == "\n".join(
        ["| KPI | Target |", "| --- | --- |", "| CTR \\| CVR | 2 % 3 % |", "| x |  |"]
    )


def test_a_form_in_a_word_table_becomes_sections():
    table = (
        "<w:tbl>"
        + row(par("核心目标", run="<w:b/>"), par("拉新 10 万") + par("GMV 3000 万"))
        + row(par("时间"), par("11 月"))
        + row(par("目标人群"), par("白领"))
        + "</w:tbl>"
    )

    assert brief.split(read_document(docx(table), "brief.docx")) == {
        "core_goal": "拉新 10 万\n\nGMV 3000 万",
        "free:时间": "11 月",
        "personas": "白领",
    }


def test_word_without_styles_is_read():
    file = packed({"word/document.xml": f"<w:document {W}><w:body>{par('核心目标', '1')}</w:body></w:document>"})

    assert read_document(file, "b.docx") == "核心目标"


# --- presentations ---


def shape(text, kind=None, y=None, level=0):
    mark = f'<p:ph type="{kind}"/>' if kind else ""
    place = f'<a:xfrm><a:off x="0" y="{y}"/></a:xfrm>' if y is not None else ""
    lines = "".join(
        f'<a:p><a:pPr lvl="{level}"/><a:r><a:t>{line}</a:t></a:r></a:p>'
        for line in (text if isinstance(text, list) else [text])
    )
    return (
        f"<p:sp><p:nvSpPr><p:nvPr>{mark}</p:nvPr></p:nvSpPr><p:spPr>{place}</p:spPr><p:txBody>{lines}</p:txBody></p:sp>"
    )


def pptx(*slides, targets=None):
    names = targets or [f"slides/slide{number}.xml" for number in range(1, len(slides) + 1)]
    ids = "".join(f'<p:sldId id="{256 + n}" r:id="rId{n}"/>' for n in range(len(names)))
    relations = "".join(f'<Relationship Id="rId{n}" Target="{name}"/>' for n, name in enumerate(names))
    ns = "http://schemas.openxmlformats.org/package/2006/relationships"
    files = {
        "ppt/presentation.xml": f"<p:presentation {P}><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": f'<Relationships xmlns="{ns}">{relations}</Relationships>',
    }
    for name, slide in zip(names, slides, strict=False):
        files[f"ppt/{name}"] = f"<p:sld {P}><p:cSld><p:spTree>{slide}</p:spTree></p:cSld></p:sld>"
    return packed(files)


def test_slide_titles_become_headings_in_the_order_of_the_slides():
    first = shape("3", "sldNum") + shape(["Students", "Parents"], "body") + shape("Audience personas", "title")
    second = shape("子弹", "body", level=1) + shape("核心信息", "ctrTitle")
    file = pptx(first, second, targets=["slides/slide9.xml", "slides/slide1.xml"])

    assert read_document(file, "kickoff.pptx") == (
        "## Audience personas\n\n- Students\n- Parents\n\n## 核心信息\n\n  - 子弹"
    )


def test_without_a_title_the_topmost_short_line_is_it():
    slide = shape("拉新 10 万\n".strip(), y=900) + shape("核心目标", y=100)
    grouped = f"<p:grpSp>{shape('预算', y=1)}{shape('120 万', y=2)}</p:grpSp>"

    assert brief.split(read_document(pptx(slide, grouped), "a.pptx")) == {
        "core_goal": "拉新 10 万",
        "budget_frame": "120 万",
    }


def test_a_lonely_line_on_a_slide_is_text():
    assert read_document(pptx(shape("Thank you", y=5)), "a.pptx") == "Thank you"


def test_tables_on_slides():
    cells = "".join(
        f"<a:tc><a:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></a:txBody></a:tc>" for text in ("KPI", "2 %")
    )
    frame = f"<p:graphicFrame><a:graphic><a:tbl><a:tr>{cells}</a:tr></a:tbl></a:graphic></p:graphicFrame>"

    assert read_document(pptx(shape("KPIs", "title") + frame), "a.pptx") == "## KPIs\n\n| KPI | 2 % |\n| --- | --- |"


# --- plain text ---


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("name", ["brief.md", "BRIEF.TXT", "a.markdown"])
def test_text_files_in_their_encodings(encoding, name):
    text = "# 核心目标\r\n拉新 10 万,成本低于 50 元\r\n"

    assert read_document(io.BytesIO(text.encode(encoding)), name) == text.replace("\r\n", "\n")


@pytest.mark.samples
def test_a_real_markdown_brief():
    path = Path(os.environ.get("PHAROS_SAMPLES", "../shared/data")) / "campaign_briefs" / "brief.md"
    if not path.exists():
        pytest.skip("The sample files are not here.")
    with path.open("rb") as file:
        assert read_document(file, path.name) == path.read_text(encoding="utf-8")


# --- what cannot be read ---

DTD = f'<!DOCTYPE a [<!ENTITY b "bbbb">]><w:document {W}><w:body>{par("&b;")}</w:body></w:document>'


@pytest.mark.parametrize(
    ("content", "name", "code", "said"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "old.doc", "unreadable_document", "old Office format"),
        (b"%PDF-1.7 ...", "plan.pdf", "unreadable_document", "none of the documents"),
        (b"hello", "plan.docx", "unreadable_document", "none of the documents"),
        (b"PK\x03\x04broken", "plan.docx", "unreadable_document", "damaged"),
        (b"\x00\x01\x02\x03", "plan.txt", "unreadable_document", "not a text file"),
        (b"", "plan.txt", "empty_document", "no text"),
        (b" \n", "plan.md", "empty_document", "no text"),
        (packed({"xl/workbook.xml": "<a/>"}).read(), "plan.xlsx", "unreadable_document", "none of the documents"),
        (packed({"word/document.xml": "<w:document"}).read(), "a.docx", "unreadable_document", "damaged"),
        (packed({"word/document.xml": DTD}).read(), "a.docx", "unreadable_document", "damaged"),
        (docx("").read(), "a.docx", "empty_document", "no text"),
        (pptx(targets=["slides/gone.xml"]).read(), "a.pptx", "unreadable_document", "damaged"),
        (
            docx("<w:customXml>" * 5000 + par("x") + "</w:customXml>" * 5000).read(),
            "a.docx",
            "unreadable_document",
            "damaged",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(content, name, code, said):
    with pytest.raises(RuleBroken) as refused:
        read_document(io.BytesIO(content), name)
    assert refused.value.code == code
    assert said in str(refused.value)
    assert name in str(refused.value)


def test_a_part_that_unpacks_to_more_than_it_may_is_refused():
    bomb = packed({"word/document.xml": b" " * (package.LARGEST_PART + 1)})
    assert len(bomb.getvalue()) < 100_000

    with pytest.raises(RuleBroken) as refused:
        read_document(bomb, "a.docx")
    assert refused.value.code == "document_too_large"


def test_a_text_above_5_mb_is_refused():
    with pytest.raises(RuleBroken) as refused:
        read_document(io.BytesIO(b"a" * (5 * 1024 * 1024 + 1)), "plan.txt")
    assert refused.value.code == "document_too_large"


def test_a_huge_file_and_a_crowded_package_are_refused(monkeypatch):
    monkeypatch.setattr(package, "MOST_PARTS", 1)
    with pytest.raises(RuleBroken) as refused:
        read_document(docx(par("x")), "a.docx")
    assert refused.value.code == "document_too_large"
    with pytest.raises(package.TooLarge), package.opened(io.BytesIO(b"PK" + b"0" * 20), largest=10):
        pass


def test_all_parts_together_are_capped(monkeypatch):
    monkeypatch.setattr(package, "LARGEST_TOTAL", 600)
    with pytest.raises(RuleBroken) as refused:
        read_document(docx(par("x") * 100), "a.docx")
    assert refused.value.code == "document_too_large"


@settings(max_examples=150, deadline=None)
@given(at=st.integers(0, 2000), byte=st.integers(0, 255))
def test_a_damaged_byte_never_breaks_the_reader(at, byte):
    content = bytearray(docx(par("核心目标", "1") + par("text")).read())
    content[at % len(content)] = byte
    try:
        assert read_document(io.BytesIO(bytes(content)), "a.docx")
    except RuleBroken as refused:
        assert "a.docx" in str(refused)
