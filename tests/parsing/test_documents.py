import pytest

from tracker.parsing.documents import read_documents
from tracker.parsing.layout import Passage


def read(text):
    return [(d.title, d.role) for d in read_documents(Passage(text), 0, len(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("印发《用水办法》。", [("《用水办法》", "issued")], id="issued"),
        pytest.param("组织学习《水法》。", [("《水法》", "cited")], id="studied"),
        pytest.param(
            "按照《水法》修订《用水办法》。",
            [("《水法》", "cited"), ("《用水办法》", "issued")],
            id="both",
        ),
        pytest.param(
            "制定《甲办法》《乙细则》和《丙规定》。",
            [("《甲办法》", "issued"), ("《乙细则》", "issued"), ("《丙规定》", "issued")],
            id="a-list-shares-its-verb",
        ),
        pytest.param(
            "学习省厅印发《巡查规范》。", [("《巡查规范》", "cited")], id="issued-by-others"
        ),
        pytest.param("签订《承诺书》。", [("《承诺书》", "cited")], id="signed"),
        pytest.param("会议审议通过《工作要点》。", [("《工作要点》", "issued")], id="passed"),
        pytest.param(
            "宣传《节水条例》，《节水条例》知晓率提高。", [("《节水条例》", "cited")], id="once"
        ),
    ],
)
def test_it_tells_issued_from_cited(text, expected):
    assert read(text) == expected


def test_brackets_inside_brackets_stay_inside():
    assert read("印发《转发〈节水《规范》〉的通知》。") == [
        ("《转发〈节水《规范》〉的通知》", "issued")
    ]
