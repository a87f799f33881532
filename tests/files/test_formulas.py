"""Equations of Word's fields, on one line."""

import pytest

from resource_hub.files.formulas import from_field


@pytest.mark.parametrize(
    ("instruction", "shown"),
    [
        (r' EQ \* jc2 \* "Font:宋体" \* hps10 \o\ad(\s\up 9(chuáng),床) ', "床"),
        (r"EQ \* jc0 \* hps21 \o(\s\up 9(ma),妈)", "妈"),
        (r"EQ \f(1,2)", "1/2"),
        (r"eq \f(a+b,\r(2))", "(a+b)/(√2)"),
        (r"EQ \f(f(x,y);2)", "(f(x,y))/2"),
        (r"EQ \r(3,x)", "3√x"),
        (r"EQ \o\ac(○,1)", "1"),
        (r"EQ \o\al(\s\up7(3),\s\do3(1))H", "31H"),
        (r"EQ \b\lc\{\rc\ (\a\al\co1(x+y=1,x-y=2))", "{x+y=1 x-y=2"),
        (r"EQ \b\bc\[(x\,y)", "[x,y]"),
        (r"EQ x\s\up5(2)+1", "x2+1"),
        (r"EQ \i\su(i=1,n,i)", "∫ i=1 n i"),
        (r"EQ \x(方框)", "方框"),
        (r"EQ \f(\f(1,2),3", "(1/2)/3"),
        ("EQ \\", ""),
        (r"EQ \f", ""),
        ("PAGE", ""),
    ],
)
def test_an_equation_is_read_as_it_is_shown(instruction: str, shown: str) -> None:
    assert from_field(instruction) == shown


@pytest.mark.parametrize("part", ["(", "\\f(", "\\f(1,", "\\b\\lc\\(("])
def test_an_equation_without_end_is_read_all_the_same(part: str) -> None:
    assert len(from_field("EQ " + part * 5_000)) < 10_000
