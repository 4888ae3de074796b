"""Chinese names by rule: what a suffix makes a name, and what it does not."""

from __future__ import annotations

import pytest

from transforms.entities.tag import find_entities


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("欧洲市场下跌。", [("欧洲", "place")]),
        ("马里省长宣布辞职。", [("马里", "place")]),
        ("法国各地区域不同。", [("法国", "place")]),
        ("他在火车站发表讲话。", []),
        ("他前往巴黎北站。", [("巴黎北站", "place"), ("巴黎", "place")]),
        ("俄罗斯私营公司参与竞标。", [("俄罗斯", "place")]),
        ("中国国有银行参与竞标。", [("中国", "place")]),
        ("中国银行参与竞标。", [("中国银行", "organization"), ("中国", "place")]),
        ("埃莱娜·瓦瑟鲁瓦辞职。", [("埃莱娜·瓦瑟鲁瓦", "person")]),
    ],
)
def test_a_suffix_makes_a_name_where_no_other_word_begins(
    text: str, expected: list[tuple[str, str]]
) -> None:
    """Europe's market is no town; firms of Russia are none by name; 中国银行 is one."""
    assert [(one.surface, one.kind) for one in find_entities(text, "zh")] == expected


def test_a_state_keeps_its_id():
    """马里兰州 looks transcribed too, but has an id."""
    found = find_entities("马里兰州的学校。", "zh")
    assert [(one.surface, one.entity_id) for one in found] == [("马里兰州", "iso3166:US-MD")]
