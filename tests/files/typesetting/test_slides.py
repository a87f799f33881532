"""Presentations: what stands where on a slide, set anew."""

import io

import pptx
import pytest
from PIL import Image
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.util import Inches, Pt

from resource_hub.files import Trouble
from resource_hub.files.guard import Unreadable
from tests.files import made
from tests.files.typesetting.conftest import Sets, count_of

BLUE, RED = (0, 0, 255), (255, 0, 0)


def ink(red: int, green: int, blue: int) -> RGBColor:
    return RGBColor(red, green, blue)  # type: ignore[no-untyped-call]  # python-pptx has no types


def picture(colour: tuple[int, int, int] = RED) -> io.BytesIO:
    written = io.BytesIO()
    Image.new("RGB", (300, 200), colour).save(written, "PNG")
    written.seek(0)
    return written


def saved(presentation: "pptx.presentation.Presentation") -> bytes:
    written = io.BytesIO()
    presentation.save(written)
    return written.getvalue()


def ink_in(page: Image.Image, box: tuple[int, int, int, int]) -> bool:
    return (
        page.crop(box).convert("L").point(lambda value: value < 128 and 255).getbbox() is not None
    )


def test_one_page_a_slide_in_the_size_of_the_slides(sets: Sets) -> None:
    presentation = pptx.Presentation()
    presentation.slide_width, presentation.slide_height = Inches(10), Inches(5)
    for _ in range(3):
        presentation.slides.add_slide(presentation.slide_layouts[6])
    found = sets(saved(presentation), "pptx")
    assert [page.size for page in found.pictures] == [(720, 360)] * 3
    assert (found.first, found.count) == (1, 3)


def test_only_the_slides_that_are_asked_for_are_set(sets: Sets) -> None:
    found = sets(made.slides(*"一二三四五"), "pptx", 2, 3)
    assert (found.texts, found.first, found.count) == (["二", "三"], 2, 5)


def test_titles_are_larger_and_stand_where_the_layout_says(sets: Sets) -> None:
    presentation = pptx.Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[1])
    slide.shapes.title.text = "春晓"
    slide.placeholders[1].text = "孟浩然"
    found = sets(saved(presentation), "pptx")
    assert found.texts[0].split() == ["春晓", "•", "孟浩然"]
    page = found.pictures[0]
    assert page.size == (720, 540)
    assert (ink_in(page, (200, 20, 520, 110)), ink_in(page, (0, 180, 720, 540))) == (True, False)


def test_pictures_stand_in_their_place_cut_as_the_author_cut_them(sets: Sets) -> None:
    presentation = pptx.Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[6])
    half = Image.new("RGB", (300, 200), BLUE)
    half.paste(RED, (0, 0, 150, 200))
    written = io.BytesIO()
    half.save(written, "PNG")
    shape = slide.shapes.add_picture(written, Inches(5), Inches(2), Inches(2), Inches(1))
    shape.crop_left = 0.5
    (page,) = sets(saved(presentation), "pptx").pictures
    assert count_of(page, RED) < 200
    assert count_of(page.crop((360, 144, 504, 216)), BLUE) == pytest.approx(144 * 72, rel=0.05)
    assert count_of(page, BLUE) == pytest.approx(144 * 72, rel=0.05)


def test_shapes_are_filled_and_groups_moved(sets: Sets) -> None:
    presentation = pptx.Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[6])
    group = slide.shapes.add_group_shape()
    shape = group.shapes.add_shape(MSO_SHAPE.RECTANGLE, Inches(1), Inches(1), Inches(1), Inches(1))
    shape.fill.solid()
    shape.fill.fore_color.rgb = ink(*BLUE)
    group.left, group.top, group.width, group.height = Inches(4), Inches(3), Inches(2), Inches(1)
    (page,) = sets(saved(presentation), "pptx").pictures
    assert count_of(page.crop((288, 216, 432, 288)), BLUE) == pytest.approx(144 * 72, rel=0.06)


def test_white_letters_on_a_dark_background_are_seen(sets: Sets) -> None:
    presentation = pptx.Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[6])
    slide.background.fill.solid()
    slide.background.fill.fore_color.rgb = ink(0, 0, 60)
    box = slide.shapes.add_textbox(Inches(1), Inches(1), Inches(8), Inches(2))
    run = box.text_frame.paragraphs[0].add_run()
    run.text, run.font.size, run.font.color.rgb = "春晓", Pt(88), ink(255, 255, 255)
    (page,) = sets(saved(presentation), "pptx").pictures
    assert page.getpixel((5, 500)) == (0, 0, 60)
    assert count_of(page, (255, 255, 255)) > 500


def test_too_much_text_is_made_small_enough(sets: Sets) -> None:
    presentation = pptx.Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[6])
    box = slide.shapes.add_textbox(Inches(1), Inches(1), Inches(4), Inches(2))
    box.text_frame.word_wrap = True
    box.text_frame.text = "春眠不觉晓处处闻啼鸟" * 20
    (page,) = sets(saved(presentation), "pptx").pictures
    assert ink_in(page, (72, 72, 360, 216))
    assert not ink_in(page, (0, 218, 720, 540))
    assert not ink_in(page, (362, 0, 720, 540))


def test_tables_keep_their_cells(sets: Sets) -> None:
    presentation = pptx.Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[6])
    frame = slide.shapes.add_table(2, 2, Inches(1), Inches(1), Inches(6), Inches(2))
    for row in range(2):
        for column in range(2):
            frame.table.cell(row, column).text = f"{row}{column}"
    frame.table.cell(0, 0).merge(frame.table.cell(0, 1))
    assert sorted(sets(saved(presentation), "pptx").text.split()) == ["00", "01", "10", "11"]


def test_an_old_presentation_is_set_from_its_words(sets: Sets) -> None:
    content = (
        '<office:document-content xmlns:office="o" xmlns:text="t" xmlns:draw="d" xmlns:svg="s">'
        '<office:body><office:presentation><draw:page draw:name="1">'
        '<draw:frame svg:x="1in" svg:y="1in" svg:width="5in" svg:height="1in"><draw:text-box>'
        "<text:p>春晓</text:p></draw:text-box></draw:frame></draw:page><draw:page/>"
        "</office:presentation></office:body></office:document-content>"
    )
    mimetype = "application/vnd.oasis.opendocument.presentation"
    found = sets(made.packed({"mimetype": mimetype, "content.xml": content}), "odp")
    assert (found.texts, found.count) == (["春晓", ""], 2)
    assert ink_in(found.pictures[0], (72, 72, 432, 144))


def test_a_presentation_without_slides_is_damaged(sets: Sets) -> None:
    with pytest.raises(Unreadable) as refusal:
        sets(made.slides(), "pptx")
    assert refusal.value.trouble is Trouble.DAMAGED
