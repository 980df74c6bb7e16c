"""Keywords and phrases."""

import pytest

from tests.unit.matching.samples import a_paper, a_profile, found, matches, ordinary_papers, terms

PHRASE = a_paper(1, "Long inputs", "A state space model reads them.")
SCATTERED = a_paper(2, "Long inputs", "The model keeps a state of the space around it.")
ELSEWHERE = a_paper(3, "Long inputs", "Something else entirely.")


def test_a_phrase_is_found_and_named_as_the_reader_wrote_it() -> None:
    (match,) = matches(a_profile(keywords=["State Space Model"]), PHRASE, SCATTERED, ELSEWHERE)

    assert (match.paper_id, terms(match)) == (1, {("keyword", "State Space Model")})


def test_a_phrase_that_the_paper_writes_otherwise_is_named_as_it_stands_there() -> None:
    (match,) = matches(a_profile(keywords=["state-space modelling"]), PHRASE)

    assert [(reason.term, reason.asked) for reason in match.reasons] == [("state space model", "state-space modelling")]


def test_scattered_words_of_a_phrase_count_less_than_the_phrase() -> None:
    wide = a_profile(keywords=["state space model"], pickiness="broad")

    assert found(wide, ELSEWHERE, SCATTERED, PHRASE) == [1, 2]


def test_scattered_words_alone_are_not_enough_for_a_balanced_interest() -> None:
    assert found(a_profile(keywords=["state space model"]), SCATTERED) == []


def test_of_a_scattered_phrase_only_the_words_that_occur_are_named() -> None:
    paper = a_paper(1, "Long inputs", "We model a space.")

    (match,) = matches(a_profile(keywords=["State space models"], pickiness="broad"), paper)

    assert terms(match) == {("keyword", "model"), ("keyword", "space")}


def test_one_common_word_of_a_phrase_is_no_match_even_for_a_broad_interest() -> None:
    paper = a_paper(1, "Long inputs", "We model bees.")

    assert found(a_profile(keywords=["state space model"], pickiness="broad"), paper) == []


def test_a_quoted_phrase_is_found_only_as_a_phrase() -> None:
    wide = a_profile(keywords=['"state space"'], pickiness="broad")

    assert found(wide, PHRASE, SCATTERED) == [1]


@pytest.mark.parametrize("quoted", ['"state space"', "“state space”", "«state space»", '"state space'])
def test_any_quotation_marks_will_do_and_are_not_repeated_in_the_reason(quoted: str) -> None:
    (match,) = matches(a_profile(keywords=[quoted]), PHRASE)

    assert terms(match) == {("keyword", "state space")}


@pytest.mark.parametrize(
    ("keyword", "text"),
    [
        ("few-shot", "we learn from few shot examples"),
        ("few shot", "a few-shot learner"),
        ("pre-training", "pretraining on prose"),
        ("pretrained language model", "a pre-trained language model"),
        ("data set", "a new dataset"),
        ("RAG", "we use rag here"),
        ("LLMs", "an LLM writes"),
        ("C++", "written in C++, not in C"),
        ("C#", "ported to C#."),
        ("L2", "the $L_2$ distance"),
        ("L2 regularisation", "with L2-regularization"),
        ("GPT-4", "as GPT4 does"),
        ("β-VAE", "a β-VAE with"),
        ("Schrödinger bridge", "Schrodinger bridges"),
        ("状态空间模型", "我们提出一种新的状态空间模型。"),
        ("強化学習", "深層強化学習による"),
        ("обучение", "глубокое Обучение с учителем"),
        ("مدل", "یک مدل زبانی"),
    ],
)
def test_a_keyword_is_found_however_the_paper_spells_it(keyword: str, text: str) -> None:
    assert found(a_profile(keywords=[keyword]), a_paper(1, "Of something", text)) == [1]


@pytest.mark.parametrize(
    ("keyword", "text"),
    [
        ("art", "we start a party"),
        ("C++", "written in C"),
        ("few shot", "a few were shot"),
        ("空间模型", "空间里的模型"),
        ("RAG", "a fragment"),
    ],
)
def test_a_keyword_is_not_found_inside_other_words(keyword: str, text: str) -> None:
    assert found(a_profile(keywords=[keyword]), a_paper(1, "Of something", text)) == []


def test_a_phrase_does_not_reach_from_the_title_into_the_abstract() -> None:
    assert found(a_profile(keywords=['"deep learning"']), a_paper(1, "Going deep", "Learning is fun.")) == []


def test_a_mention_in_the_title_counts_more_than_one_in_the_abstract() -> None:
    in_abstract = a_paper(1, "Of something", "about sundials")
    in_title = a_paper(2, "Sundials", "about something")

    assert found(a_profile(keywords=["sundial"]), in_abstract, in_title) == [2, 1]


def test_a_paper_that_meets_two_keywords_goes_before_one_that_meets_one() -> None:
    one = a_paper(1, "Of something", "about sundials")
    both = a_paper(2, "Of something", "about sundials and gnomons")

    assert found(a_profile(keywords=["sundial", "gnomon"]), one, both) == [2, 1]


def test_a_rare_keyword_counts_more_than_a_common_one() -> None:
    common = a_paper(1, "Of something", "about bees")
    rare = a_paper(2, "Of something", "about sundials")

    assert found(a_profile(keywords=["bees", "sundials"]), common, rare) == [2, 1]


@pytest.mark.parametrize(
    ("keyword", "text"),
    [
        ("universal", "the university and its universe"),
        ("position", "a positive result"),
        ("transformer", "a Fourier transform, a transformation"),
        ("generalization", "in general"),
        ("policy", "the police"),
        ("relativity", "related work"),
        ("organ", "an organization"),
    ],
)
@pytest.mark.parametrize("pickiness", ["broad", "balanced"])
def test_words_that_only_share_a_root_do_not_bring_a_paper(keyword: str, text: str, pickiness: str) -> None:
    assert found(a_profile(keywords=[keyword], pickiness=pickiness), a_paper(1, "Of something", text)) == []


def test_a_related_word_lifts_a_paper_that_has_more_to_say() -> None:
    plain = a_paper(1, "Of bees", "and of nothing else")
    related = a_paper(2, "Of bees", "and of entangled threads")

    assert found(a_profile(keywords=["bees", "entanglement"]), plain, related) == [2, 1]


def test_the_more_common_a_keyword_the_less_its_further_mentions_count() -> None:
    def gain(word: str) -> float:
        once, often = a_paper(1, "Of something", word), a_paper(2, word, f"{word}, {word}")
        more, less = matches(a_profile(keywords=[word]), once, often)
        return more.score / less.score

    assert gain("bees") < gain("sundial")


@pytest.mark.parametrize("share", [0.1, 0.5, 1.0])
def test_the_only_keyword_of_a_reader_passes_however_common_it_is(share: float) -> None:
    papers = [a_paper(n, "Of something", "on looms" if n <= share * 40 else "on nothing") for n in range(1, 41)]

    chosen = found(a_profile(keywords=["loom"]), *papers, background=papers, top_k=40)

    assert len(chosen) == share * 40


def test_picky_wants_more_than_one_mention_of_a_common_keyword() -> None:
    once, often = a_paper(1, "Of something", "about bees"), a_paper(2, "Bees", "about bees, of bees, by bees")

    assert found(a_profile(keywords=["bee"], pickiness="picky"), once, often) == [2]


def test_the_same_keyword_twice_counts_once() -> None:
    once = matches(a_profile(keywords=["sundial"]), a_paper(1, "Sundials"))
    twice = matches(a_profile(keywords=["sundial", "Sundials", " sundial "]), a_paper(1, "Sundials"))

    assert once == twice


@pytest.mark.parametrize("keywords", [[], [""], ["the"], ["of the", "and"], ["…", "!!"], ['"the"']])
def test_nothing_to_search_for_matches_nothing(keywords: list[str]) -> None:
    assert found(a_profile(keywords=keywords, pickiness="broad"), *ordinary_papers(20)) == []


def test_stop_words_inside_a_phrase_belong_to_it() -> None:
    meant, other = a_paper(1, "A theory of mind"), a_paper(2, "A theory, never mind")

    assert found(a_profile(keywords=["theory of mind"]), meant, other) == [1]


def test_ten_thousand_keywords_are_weighed_against_their_breadth() -> None:
    many = [f"word{number}" for number in range(9_990)] + ["bees", "looms", "rivers", "orchards", "glaciers"]

    wish = a_profile(keywords=many, pickiness="broad")

    chosen = matches(wish, a_paper(1, "Bees"), a_paper(2, "Bees, looms, rivers and orchards"))

    assert [one.paper_id for one in chosen] == [2, 1]
    assert all(0 < one.score < 100 for one in chosen)


def test_a_broad_list_of_keywords_widens_the_scale() -> None:
    common = ["bees", "looms", "rivers", "orchards", "glaciers", "pigments", "lanterns", "harbours"]
    (narrow,) = matches(a_profile(keywords=["bees"], pickiness="broad"), a_paper(1, "Bees"))
    (wide,) = matches(a_profile(keywords=common, pickiness="broad"), a_paper(1, "Bees"))

    assert wide.score < narrow.score
