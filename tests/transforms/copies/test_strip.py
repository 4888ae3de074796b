"""The frame around a story is stripped before texts are compared, a sentence of the story never."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.copies import strip
from transforms.copies.strip import find_stripped, stripped_words
from transforms.copies.words import find_words

STORY = (
    "The old ferry left the island at dawn with sixty people on board and reached the mainland "
    "two hours later, the harbour master said on Tuesday."
)
PHRASES = tomllib.loads(Path(strip.__file__).with_name("phrases.toml").read_text("utf-8"))
LANGUAGES = ("en", "fr", "de", "es", "pt", "it", "ru", "ar", "zh")

DATELINES = [
    "BAMAKO, 12 mars (AFP) - ",
    "BAMAKO, Mali (AP) — ",
    "MOSCOW, March 3. /TASS/. ",
    "МОСКВА, 3 марта. /ТАСС/. ",
    "МОСКВА, 3 мар — РИА Новости, Иван Петров. ",
    "МОСКВА, 3 мар - РИА Новости. ",
    "Москва. 3 марта. ИНТЕРФАКС - ",
    "PARIS (Reuters) — ",
    "NEW YORK (Reuters) - ",
    "(Reuters) - ",
    "Berlin (dpa) - ",
    "Frankfurt/Main (dpa/lhe) – ",
    "London/Berlin (dpa) – ",
    "Frankfurt am Main (dpa) - ",
    "BEIJING, March 12 (Xinhua) -- ",
    "New Delhi, Mar 12 (PTI) ",
    "Madrid, 12 mar (EFE).- ",
    "MADRID, 12 mar. (EUROPA PRESS) - ",
    "Santiago de Chile, 13 sep (EFE).- ",
    "Lisboa, 12 mar 2024 (Lusa) – ",
    "BRASÍLIA (Reuters) - ",
    "(ANSA) - ROMA, 12 MAR - ",
    "Roma, 12 mar. (askanews) - ",
    "القاهرة 12 مارس آذار (رويترز) - ",
    "باريس (أ ف ب) - ",
    "新华社北京3月12日电 ",
    "新华社北京3月12日电（记者张三、李四）",
    "（新华社北京9月25日电）",
    "路透社北京3月12日电 ",
    "中新网北京3月12日电 (记者 王五) ",
    "本报北京3月12日电",
    "本报讯（记者 王五）",
    "【大纪元2024年03月12日讯】",
    "KYIV, Ukraine, March 3 (Unian) - ",
    "BETHESDA, Md. (AP) _ ",
]
# With an unknown agency, or none, only at the start.
FIRST_DATELINES = [
    "CAIRO (Cormoran) — ",
    "(BFM Bourse) - ",
    "REYKJAVIK — ",
    "VALENCIA, Spain — ",
]
LINES = [
    "Read also: Sixty people saved from the sea",
    "READ ALSO: Sixty people saved from the sea",
    "Read More: Sixty people saved from the sea",
    "Related: Sixty people saved",
    "► Read also: Sixty people saved",
    "À lire aussi : Soixante personnes sauvées",
    "À lire aussi Soixante personnes sauvées en mer",
    "Lire aussi : « La mer est forte »",
    "Lesen Sie auch",
    "Lesen Sie auch: Sechzig Menschen gerettet",
    "Lea también: Sesenta personas a salvo",
    "Leia também: Sessenta pessoas salvas",
    "Leggi anche: Sessanta persone in salvo",
    "Читайте также: Шестьдесят человек спасены",
    "اقرأ أيضا: إنقاذ ستين شخصا",
    "اقرأ أيضاً",
    "延伸阅读：六十人获救",
    "【延伸阅读】",
    "Sign up for our daily newsletter here.",
    "Follow us on Facebook and X",
    "Subscribe to our channel",
    "Abonnez-vous à notre lettre du matin.",
    "Suivez-nous sur WhatsApp",
    "Folgen Sie uns auf Instagram!",
    "Jetzt teilen:",
    "Síguenos en Facebook",
    "Siga-nos no Instagram",
    "Seguici su Facebook",
    "Подписывайтесь на наш канал в Telegram",
    "تابعونا على فيسبوك",
    "扫描二维码，关注我们",
    "Advertisement",
    "- Anzeige -",
]
FEET = [
    "(AFP)",
    "(dpa/lni)",
    "(mit dpa)",
    "(Avec AFP)",
    "(Avec Cormoran)",
    "(con información de EFE)",
    "(With inputs from PTI)",
    "[AFP]",
    "/TASS/",
    "/ТАСС/",
    "abc/def/ghi",
    "bur-abc/def",
    "Reuters",
    "REUTER",
    "dpa abc def",
    "dpa/lni abc",
    "Avec AFP",
    "avec AFP et Reuters",
    "mit Material von dpa",
    "AFP, Reuters",
    "EFE",
    "(Reporting by Jane Doe in Paris and Luis Ruiz in Lima; Editing by Kim Lee)",
    "Reporting by Jane Doe; Editing by Kim Lee.",
    "By our correspondent in Lima",
    "Von unserem Korrespondenten Max Muster",
    "De notre correspondant à Bamako",
    "Source: AFP",
    "Quelle: dpa",
    "Fuente: EFE",
    "Fonte: Agência Brasil",
    "Fonte: ANSA",
    "Источник: ТАСС",
    "المصدر: رويترز",
    "来源：新华社",
    "责任编辑：王五",
    "（责任编辑：王五）",
    "(完)",
    "© 2024 AFP",
    "© dpa-infocom, dpa:240312-99-12345/2",
    "Copyright 2024 The Daily Ferry. All rights reserved.",
    "Copyright © Daily Ferry",
    "© The Daily Ferry Company of the Islands and the Mainland Harbours 2024. All rights reserved.",
    "All rights reserved",
    "This story was published from a wire feed without any edits to the text.",
    "Tous droits réservés",
    "Alle Rechte vorbehalten.",
    "Todos los derechos reservados",
    "Todos os direitos reservados",
    "© Riproduzione riservata",
    "Все права защищены.",
    "جميع الحقوق محفوظة",
    "版权所有，未经授权不得转载",
]
BYLINES = [
    "By Jane Doe",
    "By JANE DOE and LUIS RUIZ, Associated Press",
    "By Reuters",
    "Par Jeanne Martin avec AFP",
    "Par Le Quotidien (avec Reuters)",
    "Von Max Muster",
    "Von Anna von der Tann, dpa",
    "Por Luis Ruiz",
    "Por Redação",
    "di Mario Rossi",
    "Автор: Иван Петров",
    "بقلم أحمد علي",
    "كتب: أحمد علي",
    "记者 张三 李四",
    "文/张三",
]
# Sentences of a story, or headings of its own; nothing of them may go.
KEPT = [
    "“Read also the report,” said the minister, and left.",
    "Read also the small print, the minister said.",
    "Read more than one book a week and you will know it.",
    "Related companies paid the bill.",
    "PARIS is burning, the mayor said on Tuesday.",
    "PARIS – that is where she was born – gave her a medal.",
    "Reuters reported on Tuesday that the ship was lost.",
    "AFP hat den Bericht bestätigt.",
    "By Tuesday the ship had reached the harbour.",
    "By the numbers",
    "Copyright law was changed in March.",
    "All rights are reserved to those who stay.",
    "Sign up for the army, he told them.",
    "Follow the money, they said.",
    "Angela Kurz (SPD) – seit 2005 im Parlament – sagte nichts.",
    "The ministry of health (MoH) - which had said so before - agreed.",
    "Mr Miller, 27 (Labour) - the youngest of them - resigned.",
    "SOYBEANS, SPOT, 5 UNDER MAY - UNC",
    "Dividend 20 pct (unchanged).",
    "(With a smile)",
    "(Laughter)",
    "ON THE ONE HAND - THE OTHER HAND",
    "Rep. William Gray (D-Pa.), the chairman, disagreed.",
    "Lisez aussi ce livre, a dit le ministre.",
    "Par amour du risque, il a pris la mer.",
    "Par Paris et Lyon passe la route du sel.",
    "Suivez la rivière jusqu’au pont.",
    "Von Anfang an war das Schiff verloren.",
    "Von Berlin nach Hamburg fährt kein Zug mehr.",
    "Lesen Sie auch das Kleingedruckte, sagte der Minister.",
    "Mehr dazu wollte er nicht sagen.",
    "Por la tarde llegó el barco.",
    "Fuentes del gobierno lo negaron.",
    "Publicidad engañosa es lo que hubo, dijo el ministro.",
    "Leia mais livros, disse o ministro.",
    "Di Roma si parla molto in questi giorni.",
    "Fonti del governo lo negano.",
    "Автор романа приехал в Москву.",
    "Источник в правительстве это отрицает.",
    "Реклама подорожала на пять процентов.",
    "МОСКВА – это не вся страна, сказал министр.",
    "كتب الرئيس رسالة إلى الوزير يوم الثلاثاء.",
    "اشترك في المؤتمر ستون شخصا من المدينة.",
    "قال الوزير (وهو طبيب) إن السفينة غرقت.",
    "记者从会议上获悉，这艘船已经到达港口。",
    "Sid",
    "By George, Harry and Will.",
    "UN – The council met on Tuesday.",
    "CIA – The agency was founded in 1947.",
    "Related Companies paid the bill",
    "Read also The Iliad, said the minister.",
    "Results, March 31 (unaudited) - the ferry lost money.",
    "The Ferry, March 31 (1986) - the ferry lost money.",
    "也门南部分裂分子退出利雅得协议委员会迪拜（路透社）— 分裂分子已退出。",
    "WDR 5 Morgenecho - Westblick am Morgen",
    "POL-OS: Osnabrück - Kreuz aus Kirche gestohlen",
    "SITUATION AT A GLANCE - “We are done,” he said.",
    "© dpa Because of the virus a town has begun to give advice by phone to all who ask for it.",
    "未经授权，任何人不得进入港口。",
    "内地1月工业生产者出厂价格指数（PPI）按年跌1.4%。",
    "中兴网络通讯（000063）周二发布公告。",
    "新华社报道，这艘船已经到达港口。",
    "广告收入增长了百分之五。",
]


def stripped(text: str) -> list[str]:
    return [text[start:end].strip() for start, end in find_stripped(text)]


@pytest.mark.parametrize("dateline", DATELINES)
def test_datelines_open_a_text_or_a_paragraph(dateline: str) -> None:
    assert "".join(stripped(dateline + STORY)) == dateline.strip()
    assert "".join(stripped(f"{STORY}\n\n{dateline}{STORY}")) == dateline.strip()


@pytest.mark.parametrize("dateline", FIRST_DATELINES)
def test_without_a_known_agency_or_a_day_they_open_the_text_only(dateline: str) -> None:
    assert stripped(dateline + STORY) == [dateline.strip()]
    assert stripped(f"By Jane Doe\n\n{dateline}{STORY}") == ["By Jane Doe", dateline.strip()]
    assert stripped(f"{STORY}\n\n{dateline}{STORY}") == []


@pytest.mark.parametrize(
    "dateline", ["ТАСС, 17 мая.", "VALPARAÍSO, Chile, 8 de marzo de 2024.", "ROMA, 3 mar."]
)
def test_an_agency_or_a_place_and_a_day_open_a_text(dateline: str) -> None:
    assert stripped(f"{dateline} {STORY}") == [dateline]
    assert stripped(f"{dateline.capitalize()[:-1]} was the day. {STORY}") == []
    assert stripped(f"Anna, 17 May. {STORY}") == []
    assert stripped(f"{STORY}\n\n{dateline} The (old) ferry. {STORY}") == []


@pytest.mark.parametrize("line", LINES)
def test_lines_anywhere(line: str) -> None:
    far = "\n".join([STORY] * 6)
    bare = line.lstrip("►- ")
    assert stripped(f"{far}\n\n{line}\n\n{far}") == [bare]
    assert stripped(f"{STORY}\n{line}") == [bare]


@pytest.mark.parametrize("foot", FEET)
def test_feet_at_the_end(foot: str) -> None:
    far = "\n".join([STORY] * 6)
    for text in (f"{far}\n\n{foot}", f"{far}\n\n{foot}\n\n© 2024 Daily Ferry\n"):
        assert "".join(stripped(text)).startswith(foot.rstrip(".)")), text
        assert len(stripped_words(text)) == len(find_words(far))


@pytest.mark.parametrize("sign", ["(AFP)", "/TASS/", "(dpa/lni)", "(abc)", "Reuters", "Avec AFP"])
def test_signs_behind_the_last_sentence(sign: str) -> None:
    assert stripped(f"{STORY} {sign}") == [sign]
    assert stripped(f"{STORY[:-1]} {sign}") == []


def test_one_sign_may_follow_another() -> None:
    assert stripped(f"{STORY} (AFP) (ANSA)\n\nReuters") == ["(AFP)", "(ANSA)", "Reuters"]


def test_signs_close_paragraphs_only_behind_a_sentence() -> None:
    assert stripped(f"{STORY} (AFP)\n\n{STORY} (TASS)\n\n{STORY}") == ["(AFP)", "(TASS)"]
    assert stripped(f"{STORY} (abc)\n\n{STORY} (Avec Cormoran)\n\n{STORY}") == []
    assert stripped(f"{STORY} They told the agency (AFP)\nof it.\n{STORY}") == []


@pytest.mark.parametrize("byline", BYLINES)
def test_bylines_stand_at_the_start_or_the_end(byline: str) -> None:
    far = "\n".join([STORY] * 6)
    assert stripped(f"{byline}\n\n{far}") == [byline]
    assert stripped(f"The old ferry\n\n{byline}\n\n{far}") == [byline]
    assert stripped(f"{far}\n\n{byline}") == [byline]
    assert stripped(f"{far}\n{byline}\n{far}") == []


@pytest.mark.parametrize("sentence", KEPT)
def test_a_sentence_of_the_story_is_kept(sentence: str) -> None:
    for text in (
        f"{sentence}\n\n{STORY}",
        f"{STORY}\n\n{sentence}\n\n{STORY}",
        f"{STORY}\n\n{sentence}",
        f"{STORY} {sentence}",
    ):
        assert stripped(text) == [], text


def test_a_caption_between_two_signs_is_no_line_of_rights() -> None:
    caption = (
        "© dpa Because of the virus a town has begun to give advice by phone, day and night. © dpa"
    )
    assert stripped(f"{caption}\n\n{STORY}") == []


def test_a_wrapped_sentence_is_no_line_of_its_own() -> None:
    assert stripped(f"{STORY}\nHe was later met\nBy Jane Doe\nand her sister.\n{STORY}") == []
    assert stripped(f"{STORY}\nThis is what the sailors had told\nReuters.") == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["read_also", "calls", "rights"])
def test_every_phrase_of_the_data_is_found(language: str, kind: str) -> None:
    for phrase in PHRASES[language][kind]:
        line = phrase.replace("*", "Daily").rstrip("$")
        line += {"read_also": ": Sixty saved", "calls": "", "rights": ""}[kind]
        for written in (line, line.upper()):
            assert find_stripped(f"{STORY}\n\n{written}"), written


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["byline", "credit", "with"])
def test_every_word_before_names_is_found(language: str, kind: str) -> None:
    for phrase in PHRASES[language][kind]:
        assert find_stripped(f"{STORY}\n\n{phrase.rstrip()} AFP"), phrase


def test_every_sign_and_month_of_the_data_is_found() -> None:
    for tag in PHRASES["tags"]:
        assert stripped(f"{STORY} ({tag})") == [f"({tag})"]
    for month in PHRASES["months"]:
        assert stripped(f"{STORY}\n\nBAMAKO, 12 {month} - The ferry left.") == [
            f"BAMAKO, 12 {month} -"
        ]


def test_offsets_count_in_the_whole_text() -> None:
    text = f"PARIS, 12 mars (AFP) - {STORY}\n\nabc/def"
    words = stripped_words(text)
    assert words.text == text
    assert words.folded == find_words(STORY).folded
    assert [text[start:end].casefold() for start, end in words.spans] == list(words.folded)


def test_unspaced_letters_are_counted_anew() -> None:
    story = "六十人乘坐的渡轮星期二清晨离开海岛，两小时后到达大陆。"
    assert stripped_words(f"新华社北京3月12日电 {story}").unspaced == find_words(story).unspaced


def test_a_text_that_is_all_frame_is_left_alone() -> None:
    few = " ".join(["word"] * 14)
    assert stripped(f"PARIS (AFP) - {few}") == []
    assert stripped(f"PARIS (AFP) - {few} more") == ["PARIS (AFP) -"]
    assert stripped("渡轮星期二清晨离开海岛了吗\n\n来源：新华社") == []
    assert stripped("\n".join(["Read also: Sixty people saved"] * 50)) == []


FRAMES = [*DATELINES, *LINES, *FEET, *BYLINES, "(", "[", "/", "- ", "A-", "A (", "A - B", "\n", " "]


@pytest.mark.parametrize("around", ["{}", "{}\n", "\n{}\n", "{} ", "A{}."])
def test_cost_is_linear(around: str) -> None:
    for frame in FRAMES:
        piece = around.format(frame)
        text = piece * (1_000_000 // len(piece))
        start = time.process_time()
        find_stripped(text)
        assert time.process_time() - start < 1, piece


PIECES = st.lists(
    st.one_of(
        st.sampled_from([*FRAMES, *KEPT, STORY, "\n\n", "\n", "A", "1 ", ".", "社", "(AFP"]),
        st.text(max_size=9),
    ),
    max_size=12,
).map("".join)


@given(PIECES)
def test_spans_are_in_order_and_the_other_words_unchanged(text: str) -> None:
    spans = find_stripped(text)
    done = 0
    for start, end in spans:
        assert done <= start < end <= len(text)
        done = end
    words, kept = find_words(text), stripped_words(text)
    outside = [
        (word, span)
        for word, span in zip(words.folded, words.spans, strict=True)
        if all(span[1] <= start or end <= span[0] for start, end in spans)
    ]
    assert list(zip(kept.folded, kept.spans, strict=True)) == outside
    assert kept.unspaced <= len(kept)
    assert not spans or len(kept) >= PHRASES["least_words"]
