"""Finding printed words and cutting a text into marked lines."""

from tracker.source_text import Mark, find, paragraphs, source_lines

TEXT = "1. 台账不健全。\n\n一是健全台\n\n账，逐项登记。\n二是核对。\n"


def cut(line):
    return [(run.text, run.kind) for run in line.runs]


class TestFind:
    def test_it_finds_words_that_a_page_break_divides(self):
        [mark] = find(TEXT, "健全台账，", TEXT.index("一是"), len(TEXT), "k")

        assert TEXT[mark.start : mark.end] == "健全台\n\n账，"

    def test_it_stays_between_the_two_positions(self):
        assert find(TEXT, "核对", 0, TEXT.index("二是"), "k") == []

    def test_words_that_are_not_there_or_empty_mark_nothing(self):
        assert find(TEXT, "档案", 0, len(TEXT), "k") == []
        assert find(TEXT, " \n", 0, len(TEXT), "k") == []

    def test_signs_of_a_pattern_are_taken_as_printed(self):
        assert find("甲(乙)*？", "(乙)*", 0, 7, "k") == [Mark(1, 5, "k")]


class TestSourceLines:
    def test_it_numbers_lines_and_leaves_blank_ones_out(self):
        assert [line.number for line in source_lines(TEXT)] == [1, 3, 5, 6]

    def test_the_stars_of_bold_type_are_not_shown(self):
        [line] = source_lines("**一是**核对。", marks=[Mark(2, 4, "k")])

        assert cut(line) == [("", ""), ("一是", "k"), ("核对。", "")]

    def test_a_part_keeps_the_numbers_of_the_whole(self):
        start = TEXT.index("账，")
        lines = source_lines(TEXT, start=start, end=start + 4)

        assert [(line.number, cut(line)) for line in lines] == [(5, [("账，逐项", "")])]

    def test_a_mark_over_a_line_end_marks_both_lines(self):
        lines = source_lines(TEXT, marks=find(TEXT, "台账，", 10, len(TEXT), "k"))

        assert cut(lines[1]) == [("一是健全", ""), ("台", "k")]
        assert cut(lines[2]) == [("账，", "k"), ("逐项登记。", "")]

    def test_of_two_marks_the_first_given_wins(self):
        [line] = source_lines("甲乙丙", marks=[Mark(1, 2, "k"), Mark(0, 3, "claim")])

        assert cut(line) == [("甲", "claim"), ("乙", "k"), ("丙", "claim")]

    def test_marks_and_ends_outside_the_text_do_no_harm(self):
        [line] = source_lines("甲乙", end=99, marks=[Mark(1, 99, "k"), Mark(50, 60, "k")])

        assert cut(line) == [("甲", ""), ("乙", "k")]

    def test_nothing_is_lost_or_doubled(self):
        marks = [Mark(start, start + 7, "k") for start in range(0, len(TEXT), 5)]
        printed = "".join(run.text for line in source_lines(TEXT, marks=marks) for run in line.runs)

        assert printed == TEXT.replace("\n", "")


def test_paragraphs_join_lines_that_a_sentence_runs_over():
    joined = [[line.number for line in lines] for lines in paragraphs(source_lines(TEXT))]

    assert joined == [[1], [3, 5], [6]]
