"""Facts of sentences in ten languages: what is a number with which unit, and which day is meant."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from transforms.facts.find import Fact, find_facts

THURSDAY = dt.date(2024, 5, 16)


def say(fact: Fact) -> str:
    """`kind value unit` or the date."""
    if fact.date is not None:
        return fact.date.isoformat()
    return " ".join(part for part in (fact.kind, fact.value, fact.unit) if part)


def facts(text: str, language: str, published: dt.date | None = THURSDAY) -> list[str]:
    return [say(fact) for fact in find_facts(text, language, published)]


# Written by hand for these tests: what a careful reader takes the sentence to state.
SENTENCES = {
    "en": {
        "Inflation rose to 3.5% in April.": ["percent 3.5 percent"],
        "Turnout was 61 percent, up 4.2 percentage points.": [
            "percent 61 percent",
            "percent 4.2 percentage-point",
        ],
        "The fund lent $2.5 billion and £40m.": ["money 2500000000 USD", "money 40000000 GBP"],
        "It will cost EUR 300 million.": ["money 300000000 EUR"],
        "He earned 5 million U.S. dollars.": ["money 5000000 USD"],
        "At least 12 people were killed and 30 others injured.": [
            "count 12 killed",
            "count 30 injured",
        ],
        "The blast killed at least 14 soldiers.": ["count 14 killed"],
        "Three people died in the fire.": ["count 3 killed"],
        "Two million people live there.": ["count 2000000 person"],
        "The road is 1,250.5 kilometres long.": ["measure 1250.5 kilometer"],
        "Winds of 90 mph hit the coast at -5 °C.": [
            "measure 90 mile-per-hour",
            "measure -5 celsius",
        ],
        "They walked 10-15 miles.": ["measure 10 mile", "measure 15 mile"],
        "In 2020 the F-16 of the G20 left at 10:30.": [],
        "The team won 3-1 in the 20th round, its 7 best.": [],
        "Some 1,234 votes were void.": ["number 1234"],
        "Call 923279160 for it.": [],
        "The king fell on 30 January 1649.": [],
        "The minister said on Tuesday that the line would close.": ["2024-05-14"],
        "The council will meet on Monday.": ["2024-05-20"],
        "They agreed to meet next Tuesday.": [],
        "Monday is a day like others.": [],
        "The strike began yesterday.": ["2024-05-15"],
        "The treaty of May 3, 2022, lapsed.": ["2022-05-03"],
        "It opened on 14 November.": [],
        "It opened on Dec. 28, 2023.": ["2023-12-28"],
        "It may 3 times fail.": [],
        "The file of 03/04/2024 is lost.": [],
        "The file of 25/04/2024 is lost.": ["2024-04-25"],
    },
    "fr": {
        "Le déficit atteint 5,5 % du PIB.": ["percent 5.5 percent"],
        "L’État verse 2,5 milliards d’euros et 40 M€.": [
            "money 2500000000 EUR",
            "money 40000000 EUR",
        ],
        "Quelque 1 234 personnes ont été blessées.": ["count 1234 injured"],
        "Le séisme a fait 12 morts et trente blessés.": ["count 12 killed"],
        "Il fait 40 degrés à 18 heures et 18h30.": ["measure 40 celsius"],
        "Le parc couvre 1.500 hectares.": ["measure 1500 hectare"],
        "« Tout va bien », a-t-il déclaré mardi.": ["2024-05-14"],
        "Le ministre se rendra lundi à Lille.": ["2024-05-20"],
        "Le ministre doit partir mardi prochain.": ["2024-05-21"],
        "Il est né le 1er mai 1945.": ["1945-05-01"],
        "Le 3 mai, la digue a cédé.": ["2024-05-03"],
        "Mardi 14 mai, la digue a cédé.": ["2024-05-14"],
        "Il a plu avant-hier et hier.": ["2024-05-14", "2024-05-15"],
    },
    "ru": {
        "Погибли не менее 12 человек, 30 ранены.": ["count 12 killed", "count 30 injured"],
        "Выделено 2,5 млрд рублей.": ["money 2500000000 RUB"],
        "Ущерб — 1 млн 200 тыс. долларов.": ["money 1200000 USD"],
        "Цены выросли на 15 процентов.": ["percent 15 percent"],
        "Договор от 3 мая 2024 года.": ["2024-05-03"],
        "В 2024 году прошли 18-е выборы.": [],
        "Мост закрыли в пятницу.": ["2024-05-10"],
        "Суд огласит приговор в пятницу.": [],
        "Заседание состоится в пятницу.": ["2024-05-17"],
        "До границы 1 250 км.": ["measure 1250 kilometer"],
    },
    "de": {
        "Der Umsatz stieg um 3,5 Prozent auf 2,5 Mrd. Euro.": [
            "percent 3.5 percent",
            "money 2500000000 EUR",
        ],
        "Bei dem Brand starben 12 Menschen, 30 wurden verletzt.": [
            "count 12 killed",
            "count 30 injured",
        ],
        "Das Amt teilte am Dienstag mit, die Brücke sei zu.": ["2024-05-14"],
        "Der Rat wird am Montag beraten.": ["2024-05-20"],
        "Die Brücke ist seit dem 3. Mai gesperrt.": ["2024-05-03"],
        "Am 18. Spieltag um 15 Uhr waren 1.234 Gäste da.": ["number 1234"],
        "Er kam gestern Morgen.": ["2024-05-15"],
    },
    "es": {
        "Murieron 12 personas y 30 resultaron heridas.": ["count 12 killed", "count 30 injured"],
        "La deuda es de 2.500 millones de euros.": ["money 2500000000 EUR"],
        "Pagó 5.000 pesos, un 3,5 por ciento más.": ["money 5000", "percent 3.5 percent"],
        "Vendió 1,234 toneladas.": [],
        "El ministro dijo el martes que no.": ["2024-05-14"],
        "El puente se abrió el 3 de mayo de 2024.": ["2024-05-03"],
        "Por la mañana llovió; mañana saldrá el sol.": ["2024-05-17"],
    },
    "it": {
        "Sono 12 i morti e 30 i feriti.": ["count 12 killed", "count 30 injured"],
        "Costa 2,5 miliardi di euro.": ["money 2500000000 EUR"],
        "Lo ha detto martedì il ministro.": ["2024-05-14"],
        "Il ponte aprirà lunedì.": ["2024-05-20"],
        "Nato il 3 maggio 1950 a 20 chilometri da Bari.": ["1950-05-03", "measure 20 kilometer"],
    },
    "pt": {
        "Morreram 12 pessoas e 30 ficaram feridas.": ["count 12 killed", "count 30 injured"],
        "O governo gastou R$ 2,5 bilhões.": ["money 2500000000 BRL"],
        "A dívida é de 10 mil milhões de euros.": ["money 10000000000 EUR"],
        "O ministro afirmou na terça-feira que não.": ["2024-05-14"],
        "Em 3 de maio de 2024 subiu 5,5%.": ["2024-05-03", "percent 5.5 percent"],
    },
    "ar": {
        "أسفر الانفجار عن مقتل ١٢ شخصا وإصابة 30.": ["count 12 killed", "count 30 injured"],
        "بلغت الكلفة 2.5 مليار دولار.": ["money 2500000000 USD"],
        "ارتفعت الأسعار ٣٫٥ في المئة.": ["percent 3.5 percent"],
        "قال الوزير الثلاثاء إن الجسر مغلق.": ["2024-05-14"],
        "سيعقد المجلس الاثنين جلسة.": ["2024-05-20"],
        "في 3 أيار/مايو 2024 افتتح الجسر.": ["2024-05-03"],
    },
    "zh": {
        "爆炸造成至少12人死亡、30人受伤。": ["count 12 killed", "count 30 injured"],
        "损失达25亿美元，增长3.5%。": ["money 2500000000 USD", "percent 3.5 percent"],
        "共有5万3000人参加。": ["count 53000 person"],
        "警方周二表示，大桥已关闭。": ["2024-05-14"],
        "会议将于周一举行。": ["2024-05-20"],
        "2024年5月3日，大桥关闭。": ["2024-05-03"],
        "路透社15日电": ["2024-05-15"],
        "2024年5月共12届。": [],
    },
    "tr": {
        "Depremde 12 kişi öldü, 30 kişi yaralandı.": ["count 12 killed", "count 30 injured"],
        "Fiyatlar yüzde 5,5, ihracat %7 arttı.": ["percent 5.5 percent", "percent 7 percent"],
        "Bütçe 2,5 milyar dolar.": ["money 2500000000 USD"],
        "Törene 5 bin 300 kişi katıldı.": ["count 5300 person"],
        "Bakan Salı günü yaptığı açıklamada uyardı.": ["2024-05-14"],
        "Köprü 3 Mayıs 2024'te açıldı.": ["2024-05-03"],
        "Salı pazarı kalabalıktı.": [],
        "Toplantı akşam 18.00 sıralarında bitti.": [],
    },
}
CASES = [(language, *case) for language, cases in SENTENCES.items() for case in cases.items()]


@pytest.mark.parametrize(("language", "text", "expected"), CASES)
def test_what_a_sentence_states(language: str, text: str, expected: list[str]) -> None:
    """Each fact in order, and nothing else."""
    assert facts(text, language) == expected


# Ages, ordinals and years that stand beside a verb of dying: what is left says how old, or nothing.
NO_TOLLS = {
    ("ru", "Погиб 45-летний мужчина."): [],
    ("ru", "Погибли 23-летняя девушка и 45 летний мужчина."): [],
    ("ru", "45-летний погиб на месте."): [],
    ("ru", "В 2019 погибли 12 человек."): ["count 12 killed"],
    ("de", "Die Täter verletzten 48-jährigen Mann."): [],
    ("de", "48-Jährige verletzt im Krankenhaus."): [],
    ("de", "Im Jahr 2011 starben 12 Menschen."): ["count 12 killed"],
    ("en", "They killed 17th-century monks."): [],
    ("en", "The blast killed 5-star general."): [],
    ("en", "It killed 45-year-old man."): ["measure 45 year"],
    ("en", "It killed 12-15 soldiers."): ["count 12 killed", "count 15 killed"],
    ("en", "In 2019 he died. In 2018 people died."): [],
    ("fr", "Un homme de 45 ans a été tué."): ["measure 45 year"],
    ("fr", "L’accident a tué un homme de 45 ans."): ["measure 45 year"],
    ("es", "Murió un hombre de 45 años."): ["measure 45 year"],
    ("it", "Ucciso 45enne a Roma, ferito 17enne."): [],
    ("it", "Un uomo di 45 anni morto a Roma."): ["measure 45 year"],
    ("pt", "Homem de 45 anos morto no Porto."): ["measure 45 year"],
    ("tr", "45 yaşındaki adam öldü."): ["measure 45 year"],
    ("tr", "45 yaşında öldü. 2019'da öldü."): ["measure 45 year"],
    ("tr", "Yolculardan 12'si öldü."): ["count 12 killed"],
    ("ar", "قتل رجل يبلغ من العمر 45 عاما."): ["measure 45 year"],
    ("zh", "45岁男子死亡。"): [],
}


@pytest.mark.parametrize(("language", "text"), NO_TOLLS)
def test_an_age_is_no_toll(language: str, text: str) -> None:
    """Only what a verb can count is killed or injured."""
    assert facts(text, language) == NO_TOLLS[language, text]


def test_a_range_with_a_sum() -> None:
    """`1-3 млн 200 тыс.`: the magnitude is of both, what is added of the second alone."""
    text = "Бюджет 1-3 млн 200 тыс. рублей."
    assert facts(text, "ru") == ["money 1000000 RUB", "money 3200000 RUB"]
    assert facts("Törene 1-3 bin 200 kişi katıldı.", "tr") == [
        "count 1000 person",
        "count 3200 person",
    ]
    assert facts("Frost of -10-12 °C is due.", "en") == [
        "measure -10 celsius",
        "measure -12 celsius",
    ]


# Times, telephones, school years and ranks; and what looks like them and is a number.
NO_NUMBERS = {
    ("es", "El partido empieza a las 16.30, y no a las 17."): [],
    ("es", "Pagó 16.30 euros."): ["money 16.3 EUR"],
    ("es", "Llame al 0800 201 211 ahora."): [],
    ("es", "Costó 10 000 euros."): ["money 10000 EUR"],
    ("it", "Alle 18.30, dalle 18,30 o alle 18 in piazza."): [],
    ("it", "Sono 33.70 e 18,45 punti."): ["number 33.7", "number 18.45"],
    ("pt", "Às 16.30, às 18.30h e às 20 horas."): [],
    ("de", "Gegen 16.30 oder um 17.45 beginnt es, um 18.30 Uhr endet es."): [],
    ("de", "Es kamen 10 000 Menschen für 10 000 Euro."): ["count 10000 person", "money 10000 EUR"],
    ("de", "Im Jahr 2011 200 Menschen."): ["count 200 person"],
    ("fr", "À 4 h 30, puis à 14h 40 et 14 heures 45, en 2 h 50 min."): [],
    ("fr", "Appelez le 0800 201 211 ou le 01 45 67 89 10."): [],
    ("en", "Call 0800 201 211 or (020) 7946 0958."): [],
    ("en", "Budget: - $5 million for roads."): ["money 5000000 USD"],
    ("es", "Hubo 37 mil 820 muertos y 427 mil 100 contagios."): [
        "count 37820 killed",
        "number 427100",
    ],
    ("ru", "Собрали 16 тыс. 30 апреля."): ["number 16000", "2024-04-30"],
    ("ru", "Собрали 16 тысяч 300 рублей."): ["money 16300 RUB"],
    ("zh", "17小时后，17 小时 40 分钟前，花费 3 千万卢比。"): ["money 30000000"],
    ("en", "From 1971 or '72 they came."): [],
    ("es", "La marcha del 8M pasó a 80 m."): ["measure 80 meter"],
    ("fr", "Coût : 40 M€, 5 M €."): ["money 40000000 EUR", "money 5000000 EUR"],
    ("de", "Er fuhr mit 90 Kilometern pro Stunde."): ["measure 90 kilometer-per-hour"],
    ("en", "Ana Ruiz, 45, and Al Hill (17) sang."): [],
    ("en", "The TOP 10 of COP 26: 12 all day, 15 top players."): [
        "number 10",
        "number 26",
        "number 12",
        "number 15",
    ],
    ("en", "PEN 2019 got USD 300 or 40 EUR."): ["money 300 USD", "money 40 EUR"],
    ("zh", "花费100USD，PEN 2019年"): ["money 100 USD"],
    ("it", "Ne parlano 12 a morte."): ["number 12"],
    ("ru", "Звоните 8 800 201 211."): [],
    ("ru", "Проголосовали 1 234 567 из них."): ["number 1234567"],
    ("zh", "2019-20年，他在前1000名之内，排第100名。"): [],
    ("zh", "80年代，49人队获胜，49人到场，100日元。"): ["count 49 person", "money 100 JPY"],
    ("zh", "目前1000名工人在场。"): ["count 1000 person"],
}


@pytest.mark.parametrize(("language", "text"), NO_NUMBERS)
def test_what_has_digits_and_counts_nothing(language: str, text: str) -> None:
    """Times of day, telephones and ranks say nothing that articles share."""
    assert facts(text, language) == NO_NUMBERS[language, text]


DATELINES = {
    ("es", "Madrid, 15 sep (EFE).- Hola."): ["2024-09-15"],
    ("es", "Madrid, 15 may (EFE).- Hola."): ["2024-05-15"],
    ("ru", "МОСКВА, 17 сен — РИА. Так."): ["2024-09-17"],
    ("ru", "МОСКВА, 17 апр - РИА. Так."): ["2024-04-17"],
    ("it", "ROMA, 15 set (ANSA) - Ciao."): ["2024-09-15"],
    ("it", "ROMA, 15 MAG - Ciao."): ["2024-05-15"],
    ("it", "Ha vinto 13 set (6-4 gli ultimi)."): ["number 13"],
    ("fr", "PARIS, 15 sept (AFP) - Non."): ["2024-09-15"],
    ("en", "LONDON, 12 mar (AP) - No."): ["2024-03-12"],
    ("en", "The 15 may (or may not) come."): ["number 15"],
    ("pt", "Lisboa, 15 abr (Lusa) – Sim."): ["2024-04-15"],
    ("tr", "Ankara, 15 Nis (AA) - Evet."): ["2024-04-15"],
    ("es", "Madrid, 15 nov (EFE).- Hola."): [],
}


@pytest.mark.parametrize(("language", "text"), DATELINES)
def test_a_dateline_with_a_short_month_is_a_day(language: str, text: str) -> None:
    """The agency or the dash behind it tells the month from a word; it never is a number."""
    assert facts(text, language) == DATELINES[language, text]


def test_a_chinese_name_with_a_number_is_no_day() -> None:
    """`15号` may be a ship or a rocket: it is a day behind a month only."""
    assert facts("“海宁15号”和长征15号火箭。", "zh") == []
    assert facts("5月15号，他来了。", "zh") == ["2024-05-15"]
    assert facts("他15日说。", "zh") == ["2024-05-15"]


def test_one_fact_in_all_languages() -> None:
    """Two and a half thousand million euros are one value, however they are written."""
    written = {
        "en": "2.5 billion euros",
        "fr": "2,5 milliards d’euros",
        "ru": "2,5 млрд евро",
        "de": "2,5 Milliarden Euro",
        "es": "2.500 millones de euros",
        "it": "2,5 miliardi di euro",
        "pt": "2,5 mil milhões de euros",
        "ar": "2.5 مليار يورو",
        "zh": "25亿欧元",
        "tr": "2,5 milyar avro",
    }
    expected = {language: ["money 2500000000 EUR"] for language in written}
    assert {language: facts(text, language) for language, text in written.items()} == expected


def test_no_day_without_the_articles_own() -> None:
    """A full date stands by itself; `mardi`, `hier`, `le 3 mai` do not."""
    text = "Il a dit mardi et hier, le 3 mai, que le 4 mai 2024 était un samedi."
    assert facts(text, "fr", None) == ["2024-05-04"]


def test_a_weekday_that_is_the_articles_own() -> None:
    """`Tuesday` in an article of a Tuesday is that day where it was, unknown where it will be."""
    tuesday = dt.date(2024, 5, 14)
    assert facts("He said on Tuesday that it rained.", "en", tuesday) == ["2024-05-14"]
    assert facts("He will speak on Tuesday.", "en", tuesday) == []


def test_last_tuesday_on_wednesday_may_be_either() -> None:
    """Who means yesterday says so, or not."""
    text = "Il est arrivé mardi dernier."
    assert facts(text, "fr", dt.date(2024, 5, 15)) == []
    assert facts(text, "fr", dt.date(2024, 5, 17)) == ["2024-05-14"]


def test_a_day_over_the_turn_of_the_year() -> None:
    """`28 December` in January is of the year before; half a year away it is of no year."""
    assert facts("Le 28 décembre, il a plu.", "fr", dt.date(2024, 1, 4)) == ["2023-12-28"]
    assert facts("Le 28 décembre, il a plu.", "fr", dt.date(2024, 6, 25)) == []


def test_a_weekday_beside_another_days_date_is_that_day() -> None:
    """`Tuesday, May 3, 2022`: no fact of this week."""
    assert facts("He said on Tuesday, May 3, 2022, that it rained.", "en") == ["2022-05-03"]
    assert facts("Он сказал 3 мая 2022 года, во вторник.", "ru") == ["2022-05-03"]


def test_a_day_that_the_words_beside_it_contradict() -> None:
    """`hier, lundi` in an article of Thursday: one of the two is not what it seems."""
    assert facts("Il est arrivé hier, lundi, à Brest.", "fr") == []
    assert facts("Il est arrivé hier, mercredi, à Brest.", "fr") == ["2024-05-15"]


def test_offsets_are_code_points_of_number_and_unit() -> None:
    """`text[start:end]` is what states the fact, also behind characters beyond the first plane."""
    text = "😀😀 Coût : 2,5 milliards d’euros."
    (fact,) = find_facts(text, "fr", THURSDAY)
    assert text[fact.start : fact.end] == "2,5 milliards d’euros"


def test_a_language_without_words_has_no_facts() -> None:
    """Nothing is read by another language's signs."""
    assert facts("Het kost 2,5 miljard euro.", "nl") == []
    assert facts("2,5 %", "und") == []


SIGNS = (
    "1",
    "1,",
    "1 ",
    " 1",
    "-",
    "$",
    "٣",
    "5日",
    "mardi ",
    "Monday ",
    "12 soldiers ",
    "1 h ",
    "(12) ",
    "15 mar ",
)


@pytest.mark.parametrize("language", ["ar", "en", "fr", "zh"])
@pytest.mark.parametrize("sign", SIGNS)
def test_cost_is_linear(language: str, sign: str) -> None:
    """A hundred thousand of one sign take no seconds."""
    began = time.process_time()
    find_facts((sign * 100_000)[:100_000], language, THURSDAY)
    assert time.process_time() - began < 3
