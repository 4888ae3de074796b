"""The language cascade: scripts decide, voices agree, and `und` instead of a guess."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from apache_beam import Create
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing.test_pipeline import TestPipeline
from apache_beam.testing.util import assert_that, equal_to
from hypothesis import given, settings
from hypothesis import strategies as st
from py3langid.langid import LanguageIdentifier

import transforms.tag_language
from eval.langid import answers_of_fresh_process
from schemas.article import Article
from transforms import language_voices
from transforms.language import METHODS, NO_LANGUAGE, detect_language, with_language
from transforms.language_voices import Heard, cut_sample, language_data
from transforms.tag_language import TagLanguage

ROOT = Path(__file__).parents[2]
SENTENCES = [
    ("The harbour authority closed the northern pier after an inspection found cracks.", "en"),
    ("Le port a été fermé après la découverte de fissures dans la jetée nord.", "fr"),
    ("Der Hafen wurde geschlossen, nachdem Prüfer Risse in der Mole gefunden hatten.", "de"),
    ("El puerto fue cerrado tras hallarse grietas en el muelle norte de la ciudad.", "es"),
    ("Il porto è stato chiuso dopo la scoperta di crepe nel molo settentrionale.", "it"),
    ("O porto foi fechado depois que inspetores encontraram rachaduras no cais norte.", "pt"),
    ("Порт закрыли после того, как инспекторы обнаружили трещины на северном пирсе.", "ru"),
    ("Порт закрили після того, як інспектори виявили тріщини на північному пірсі.", "uk"),
    ("أغلقت السلطات الميناء بعد اكتشاف تشققات في الرصيف الشمالي للمدينة.", "ar"),
    ("بندر پس از کشف ترک در اسکله شمالی به دستور مقامات بسته شد.", "fa"),
    ("بندرگاہ کو شمالی گھاٹ میں دراڑیں ملنے کے بعد بند کر دیا گیا ہے۔", "ur"),
    ("Port zamknięto po tym, jak inspektorzy znaleźli pęknięcia w północnym molo.", "pl"),
    ("Müfettişlerin kuzey iskelesinde çatlak bulmasının ardından liman kapatıldı.", "tr"),
    ("Myndighetene stengte havnen etter at inspektører fant sprekker i den nordlige kaien.", "no"),
    ("北埠頭でひび割れが見つかり、港は閉鎖された。", "ja"),
    ("북쪽 부두에서 균열이 발견되어 항구가 폐쇄됐다.", "ko"),
    ("พบรอยร้าวที่ท่าเรือเหนือ จึงสั่งปิดท่าเรือ", "th"),
    ("Το λιμάνι έκλεισε μετά την ανακάλυψη ρωγμών.", "el"),
    ("הנמל נסגר לאחר שנמצאו סדקים ברציף הצפוני.", "he"),
    ("პორტი დაიხურა ბზარების აღმოჩენის შემდეგ.", "ka"),
    ("Նավահանգիստը փակվել է ճաքերի հայտնաբերումից հետո։", "hy"),
]


def article(headline: str | None, body: str | None = None, declared: str | None = None) -> Article:
    return Article(
        article_id="a",
        version_id=headline or "v",
        outlet="local",
        outlet_rule="local",
        headline=headline,
        body_text=body,
        language_declared=declared,
        first_seen=dt.datetime(2024, 7, 24, tzinfo=dt.UTC),
        content_hash="c",
        source_uri="s",
        source_format="jsonl",
        raw_sha256="r",
        run_id="run",
        date=dt.date(2024, 7, 24),
        parse_warnings=("published_missing",),
    )


@pytest.mark.parametrize(("text", "language"), SENTENCES, ids=[lang for _, lang in SENTENCES])
def test_one_sentence_is_enough(text: str, language: str) -> None:
    """A sentence of a news article is told in each of these languages."""
    assert detect_language(text).language == language


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("港口在北碼頭發現裂縫後關閉,當局表示將進行檢查。", "zh-Hant"),
        ("港口在北码头发现裂缝后关闭,当局表示将进行检查。", "zh-Hans"),
        ("Лука је затворена након што су инспектори нашли пукотине на молу.", "sr-Cyrl"),
        ("Sporazum bi trebalo da stupi na snagu posle nedelje, rekao je predsednik.", "sr-Latn"),
        (
            "Portda yoriqlar topilgandan keyin u yopildi, deb xabar berdi shahar hokimligi.",
            "uz-Latn",
        ),
        (
            "Limanda çatlar aşkar edildikdən sonra liman bağlanıb, deyə nazirlik bildirib.",
            "az-Latn",
        ),
        # One sign that only one script has is enough; where there is none, cld2 says.
        ("港口关闭", "zh-Hans"),
        ("港口關閉", "zh-Hant"),
        ("The harbour authority closed the northern pier on Monday.", None),
    ],
)
def test_tag_where_two_scripts_write_one_language(text: str, tag: str | None) -> None:
    """The tag names the script of Chinese and Serbian, and is null elsewhere."""
    assert detect_language(text).tag == tag


@pytest.mark.parametrize("text", ["", "   ", "12:30 — 4,5 %", "https://ex.com/the-news", "🙂🙂"])
def test_no_letters_no_language(text: str) -> None:
    """What holds no words has no language."""
    assert detect_language(text) == NO_LANGUAGE


def test_script_decides_even_one_word() -> None:
    """A deciding script needs no twenty letters and no voice."""
    verdict = detect_language("부두")
    assert (verdict.language, verdict.method, verdict.agreement) == ("ko", "script", 1.0)


def test_kana_makes_japanese() -> None:
    """Han with kana is Japanese; one quoted kana does not make Chinese Japanese."""
    assert detect_language("東京の株式市場は続落した").language == "ja"
    chinese = "港口在北码头发现裂缝后关闭当局表示将进行检查" * 3 + "の"
    assert detect_language(chinese).language == "zh"


def _voices(
    monkeypatch: pytest.MonkeyPatch, langid: dict[str, float], cld2: str, third: str
) -> None:
    """py3langid's scores, best first; what cld2 names; what langdetect names."""
    scores = {**langid, **dict.fromkeys(language_data().news - set(langid), -999.0)}
    monkeypatch.setattr("transforms.language_voices.ask_langid", lambda _: next(iter(langid)))
    monkeypatch.setattr("transforms.language.rank_langid", lambda _: scores)
    monkeypatch.setattr("transforms.language.hear", lambda _: Heard((cld2,)))
    monkeypatch.setattr("transforms.language.ask_langdetect", lambda _: third)


# No function words of any language: the voices alone weigh.
LONG, SHORT = "Xylophon Zeppelin Mandarin Krokodil", "Zeppelin"
EQUAL = {"fr": -50.0, "es": -50.0, "it": -50.0}
SPREAD = {"fr": -50.0, "es": -53.0, "it": -56.0}


@pytest.mark.parametrize(
    ("langid", "cld2", "third", "text", "declared", "expected"),
    [
        (SPREAD, "fr", "xx", LONG, None, ("fr", "agreement", 1.0)),
        (SPREAD, "fr", "xx", LONG, "de", ("fr", "agreement", 1.0)),
        # A vote is six of py3langid's points: two of them outweigh the three that it is behind.
        (SPREAD, "es", "es", SHORT, None, ("es", "weighed", 2 / 3)),
        # One each, and py3langid's distance decides: 3 of 12, enough for a few letters.
        (SPREAD, "it", "es", SHORT, None, ("es", "weighed", 1 / 3)),
        (EQUAL, "es", "it", SHORT, None, ("und", "none", 0.0)),
        (EQUAL, "es", "it", LONG, None, ("es", "weighed", 1 / 3)),
        (EQUAL, "es", "it", SHORT, "it-CH", ("it", "declared", 1 / 3)),
        (EQUAL, "es", "it", SHORT, "de", ("und", "none", 0.0)),
        # Far ahead: what is declared is not asked.
        (EQUAL, "es", "es", LONG, "fr", ("es", "weighed", 2 / 3)),
        # A voice for a language that no news is written in is silent.
        ({"la": -40.0, **EQUAL}, "la", "it", LONG, None, ("it", "weighed", 1 / 3)),
        # Bokmål has a letter or a word of it, or none of its own: Nynorsk needs one.
        ({"nn": -50.0, "no": -51.0}, "da", "xx", LONG, None, ("no", "weighed", 1 / 2)),
        ({"nn": -50.0, "no": -51.0}, "da", "xx", LONG + " ikkje", None, ("nn", "weighed", 1 / 2)),
        # ß is a letter of German only: it weighs a word against each of the others.
        ({"it": -50.0, "de": -52.0}, "it", "it", LONG, None, ("it", "agreement", 1.0)),
        ({"it": -50.0, "de": -52.0}, "en", "it", LONG + " ß", None, ("de", "weighed", 0.0)),
        # Two voices agree, but the words are Spanish.
        (SPREAD, "fr", "fr", "los Zeppelin y las Xylophon", None, ("es", "weighed", 0.0)),
    ],
)
def test_how_voices_become_a_verdict(
    monkeypatch: pytest.MonkeyPatch,
    langid: dict[str, float],
    cld2: str,
    third: str,
    text: str,
    declared: str | None,
    expected: tuple[str, str, float],
) -> None:
    """Voices, words and letters are weighed; a declaration decides what is narrow; else `und`."""
    _voices(monkeypatch, langid, cld2, third)
    verdict = detect_language(text, declared)
    assert (verdict.language, verdict.method, verdict.agreement) == expected


@pytest.mark.parametrize(
    ("langid", "cld2", "asked"),
    [
        (SPREAD, "fr", []),
        ({"fr": -50.0, "es": -64.0}, "es", []),
        ({"fr": -50.0, "es": -60.0}, "es", [LONG]),
    ],
    ids=["agreement", "too far apart for one vote", "one vote may turn it"],
)
def test_third_voice_is_asked_only_where_it_matters(
    monkeypatch: pytest.MonkeyPatch, langid: dict[str, float], cld2: str, asked: list[str]
) -> None:
    """The slow voice is not asked where the fast ones agree, nor where its vote changes nothing."""
    _voices(monkeypatch, langid, cld2, "fr")
    heard: list[str] = []
    monkeypatch.setattr(
        "transforms.language.ask_langdetect", lambda text: heard.append(text) or "fr"
    )
    assert detect_language(LONG).language == "fr"
    assert heard == asked


def test_another_script_does_not_drown_the_main_one() -> None:
    """More letters are French; more bytes are Russian, which cld2 and py3langid count."""
    french, russian = SENTENCES[1][0], SENTENCES[6][0]
    text = f"{french} {russian} {french} {russian[:30]}"
    assert detect_language(text).language == "fr"
    assert detect_language(f"{russian} {french[:50]} {russian}").language == "ru"


def test_a_control_character_silences_no_voice() -> None:
    """cld2 refuses control characters; they are taken for spaces."""
    text = SENTENCES[2][0]
    assert detect_language(text[:20] + "\x0b\x00" + text[20:]) == detect_language(text)


def test_a_sample_has_so_many_letters() -> None:
    """It ends with the last letter asked for; a text of no letters ends it sooner."""
    assert cut_sample("a1 " * 5_000, 1_000) == "a1 " * 999 + "a"
    assert cut_sample("one, two", 1_000) == "one, two"
    assert len(cut_sample("1" * 1_000_000, 1_000)) == 8_000


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(exclude_categories=()), max_size=80), st.text(max_size=12))
def test_anything_gets_a_verdict(text: str, declared: str) -> None:
    """No text and no declaration raises; methods are from the closed list."""
    verdict = detect_language(text, declared)
    assert verdict.method in METHODS
    assert (verdict.language == "und") == (verdict.method == "none")


def test_time_is_bounded() -> None:
    """Five million characters cost no more than their start."""
    detect_language("warm up the three voices, please")
    start = time.process_time()
    for piece in ("я", "a ", "www.a", "@a", "漢", "\ud800", "1"):
        detect_language(piece * (5_000_000 // len(piece)))
    assert time.process_time() - start < 2


def test_cold_threads_answer_as_warm_ones() -> None:
    """Eight threads of a fresh process, each with its first call, give what this warm one gives."""
    # Four words each: some of them reach the third voice.
    texts = [" ".join(text.split()[:4]) for text, _ in SENTENCES] * 4
    warm = [str(detect_language(text)) for text in texts]
    for seed in (0, 1):
        assert answers_of_fresh_process(texts, seed) == warm
    with ThreadPoolExecutor(8) as pool:
        assert [str(verdict) for verdict in pool.map(detect_language, texts)] == warm


def test_a_model_is_loaded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads that come before the first is done wait for its model."""
    loads: list[float] = []

    class SlowIdentifier(LanguageIdentifier):  # type: ignore[misc]
        @classmethod
        def from_model_file(cls, *args: object, **options: object) -> LanguageIdentifier:
            loads.append(time.monotonic())
            time.sleep(0.05)
            return super().from_model_file(*args, **options)

    monkeypatch.setattr("py3langid.langid.LanguageIdentifier", SlowIdentifier)
    language_voices._load_langid.cache_clear()
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(detect_language, [SENTENCES[0][0]] * 8)) == {
            detect_language(SENTENCES[0][0])
        }
    assert len(loads) == 1


def test_pure_part_loads_no_beam() -> None:
    """`transforms.language` can be imported without Apache Beam."""
    code = "import sys, transforms.language; sys.exit('apache_beam' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


def test_columns_of_an_article() -> None:
    """Headline, standfirst and body are read together; nothing else of the article changes."""
    before = article("OK", "Le port a été fermé après la découverte de fissures.", "en")
    after = with_language(before)
    assert (after.language, after.language_tag, after.language_method) == ("fr", None, "agreement")
    assert after.language_agreement == 1.0
    assert (after.language_declared, after.parse_warnings) == ("en", ("published_missing",))


def test_poison_does_not_cost_its_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Good and poison in one bundle: all come out, the poison as `und` with a warning, counted."""

    def failing(tagged: Article) -> Article:
        if tagged.headline == "poison":
            raise MemoryError("a detector stumbled")
        return with_language(tagged)

    monkeypatch.setattr(transforms.tag_language, "with_language", failing)
    good = article(SENTENCES[1][0])
    with TestPipeline(runner=FnApiRunner()) as pipeline:
        tagged = pipeline | Create([good, article("poison"), article(None)]) | TagLanguage()
        found = tagged | "Columns" >> _columns()
        assert_that(
            found,
            equal_to(
                [
                    (SENTENCES[1][0], "fr", ("published_missing",)),
                    ("poison", "und", ("language_failed", "published_missing")),
                    (None, "und", ("published_missing",)),
                ]
            ),
        )
    counters = pipeline.result.metrics().query()["counters"]
    failed = [c.committed for c in counters if c.key.metric.name == "language_failed"]
    assert failed == [1]


def _columns() -> object:
    from apache_beam import Map

    return Map(lambda tagged: (tagged.headline, tagged.language, tagged.parse_warnings))


def test_language_data_is_sorted() -> None:
    """Tables of `language.toml` are sorted, and name only languages that news is written in."""
    data = tomllib.loads((ROOT / "transforms" / "language.toml").read_text("utf-8"))
    news = data["news"].split()
    assert news == sorted(set(news))
    for table in ("scripts", "alphabets", "close", "same", "tags", "words"):
        assert list(data[table]) == sorted(data[table])
    for table in ("alphabets", "close", "tags", "words"):
        assert set(data[table]) <= set(news)
    for words in data["words"].values():
        assert words.split() == sorted(set(words.split()))
        assert words == words.lower()
    writers = [script["languages"].split() for script in data["scripts"].values()]
    assert set(news) == {language for languages in writers for language in languages}
    pairs = data["chinese"].split()
    assert pairs == sorted(pairs)
    assert len(set("".join(pairs))) == 2 * len(pairs)


def test_declared_languages_do_not_pile_up():
    """A feed may declare another code in every entry."""
    for number in range(3_000):
        language_voices.primary(f"x{number}-made-up")
    assert language_voices._primary.cache_info().currsize <= 1_000
