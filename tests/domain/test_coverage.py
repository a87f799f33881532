"""How many may judge the same work."""

from resource_hub.domain.coverage import Field, Judge, most, number_for

MATH = frozenset({"math"})
PRIMARY = frozenset({"primary"})


def test_each_person_counts_once_however_many_appointments_cover_it() -> None:
    judges = [Judge(1, MATH), Judge(1), Judge(2, MATH, PRIMARY), Judge(3, frozenset({"art"}))]
    assert number_for(judges, Field("math", "primary")) == 2
    assert number_for(judges, Field("math", "senior")) == 1
    assert number_for(judges, Field("art", "senior")) == 2


def test_people_of_different_subjects_do_not_judge_together() -> None:
    assert most([]) == 0
    assert most([Judge(1), Judge(2)]) == 2
    assert most([Judge(1, MATH), Judge(2, frozenset({"art"}))]) == 1
    assert most([Judge(1, MATH), Judge(2, frozenset(), PRIMARY), Judge(3)]) == 3
