"""What is a quotation, and who says it."""

from __future__ import annotations

import pytest

from transforms.quotes.find import Quotation, find_quotes
from transforms.quotes.words import Name

NB, NNB = "\u00a0", "\u202f"


def said(text: str, language: str, *persons: str) -> list[tuple[str, str | None]]:
    """(words, speaker) of the quotations, each person mentioned wherever the name stands."""
    return [(one.text, one.speaker) for one in quotes(text, language, *persons)]


def quotes(text: str, language: str, *persons: str) -> list[Quotation]:
    mentions = []
    for person in persons:
        at = text.find(person)
        while at >= 0:
            mentions.append(
                Name(at, at + len(person), person, f"person:{person.split()[-1].lower()}", True)
            )
            at = text.find(person, at + 1)
    return find_quotes(text, language, sorted(mentions, key=lambda name: name.start))


SPOKEN = {
    "fr, inversion": (
        f"«{NNB}Le pont ne tiendra pas l’hiver{NNB}», a déclaré Maëlle Kervadec.",
        "fr",
        ("Le pont ne tiendra pas l’hiver", "Maëlle Kervadec"),
    ),
    "fr, title before the name": (
        "« Nous fermerons l’usine au printemps », confie le maire Yannick Le Dantec à la presse.",
        "fr",
        ("Nous fermerons l’usine au printemps", "Yannick Le Dantec"),
    ),
    "fr, before a colon": (
        f"Interrogée mardi, Solène Arbogast répond : «{NB}les caisses sont vides depuis mai{NB}».",
        "fr",
        ("les caisses sont vides depuis mai", "Solène Arbogast"),
    ),
    "fr, according to": (
        "Selon Bastien Queffelec, la digue « ne tiendra plus très longtemps ».",
        "fr",
        ("ne tiendra plus très longtemps", "Bastien Queffelec"),
    ),
    "en, speaker first": (
        'Imogen Tarrant said: "The harbour is closed until further notice."',
        "en",
        ("The harbour is closed until further notice.", "Imogen Tarrant"),
    ),
    "en, curly and speaker last": (
        "“We will not sign it before spring,” said harbour master Imogen Tarrant on Monday.",
        "en",
        ("We will not sign it before spring", "Imogen Tarrant"),
    ),
    "en, single marks with an apostrophe": (
        "‘We don’t know who’s coming tomorrow,’ said Imogen Tarrant.",
        "en",
        ("We don’t know who’s coming tomorrow", "Imogen Tarrant"),
    ),
    "en, a body speaks": (
        '"The valves were never tested by anyone," the company said in a statement.',
        "en",
        ("The valves were never tested by anyone", "the company"),
    ),
    "ru": (
        "«Мост закроют до конца недели», — сказал Тимур Ясенев журналистам.",
        "ru",
        ("Мост закроют до конца недели", "Тимур Ясенев"),
    ),
    "ru, before a colon": (
        "Тимур Ясенев заявил: «Мост закроют до конца недели».",
        "ru",
        ("Мост закроют до конца недели", "Тимур Ясенев"),
    ),
    "ru, a name in marks inside": (
        "«Завод «Ромашка» мы закрывать не будем», — пояснил Тимур Ясенев.",
        "ru",
        ("Завод «Ромашка» мы закрывать не будем", "Тимур Ясенев"),
    ),
    "de, low and high": (
        "„Die Brücke bleibt bis Mai gesperrt“, sagte Bauleiterin Jutta Quandel am Montag.",
        "de",
        ("Die Brücke bleibt bis Mai gesperrt", "Jutta Quandel"),
    ),
    "de, chevrons inward": (
        "»Die Brücke bleibt bis Mai gesperrt«, erklärte eine Sprecherin des Amtes.",
        "de",
        ("Die Brücke bleibt bis Mai gesperrt", "eine Sprecherin des Amtes"),
    ),
    "es": (
        "«El puente no aguanta otro invierno», dijo Nuria Albacete, vecina del barrio.",
        "es",
        ("El puente no aguanta otro invierno", "Nuria Albacete"),
    ),
    "it": (
        "“Il ponte non regge un altro inverno”, ha detto Fiorenza Baldacci ai giornalisti.",
        "it",
        ("Il ponte non regge un altro inverno", "Fiorenza Baldacci"),
    ),
    "pt": (
        "“A ponte não aguenta outro inverno”, afirmou Lurdes Capela na segunda-feira.",
        "pt",
        ("A ponte não aguenta outro inverno", "Lurdes Capela"),
    ),
    "ar": (
        "وقالت المهندسة رباب الزيتوني إن «الجسر لن يصمد شتاء آخر».",
        "ar",
        ("الجسر لن يصمد شتاء آخر", "المهندسة رباب الزيتوني"),
    ),
    "en, apposition between": (
        "“It was a mess on the quay,” the mayor, Rhona Maddern, said on Monday.",
        "en",
        ("It was a mess on the quay", "Rhona Maddern"),
    ),
    "en, whose deputy": (
        "Rhona Maddern was away. “We left before the storm,” said her deputy.",
        "en",
        ("We left before the storm", "her deputy"),
    ),
    "es, another verb goes on": (
        "El ministro calificó la medida de “error histórico” y pidió calma.",
        "es",
        ("error histórico", "El ministro"),
    ),
    "ru, in the words of": (
        "По словам Тимура Ясенева, мост «не выдержит зимы».",
        "ru",
        ("не выдержит зимы", "Тимура Ясенева"),
    ),
    "fr, one learned": (
        "Maëlle Kervadec est là. « Le port est fermé pour la semaine », a-t-on appris mardi.",
        "fr",
        ("Le port est fermé pour la semaine", None),
    ),
    "ru, in a statement": (
        "«Мост закроют до конца недели», — говорится в сообщении ведомства.",
        "ru",
        ("Мост закроют до конца недели", None),
    ),
    "en, words of a report": (
        "The minister said on Thursday that her office would “not be rushed” into it.",
        "en",
        ("not be rushed", "The minister"),
    ),
    "en, a day between name and verb": (
        "HARWICK (Reuters) - Mayor Theo Brandt on Monday described the contract as “a farce”.",
        "en",
        ("a farce", "Theo Brandt"),
    ),
    "es, a party in brackets": (
        "El alcalde, Fermín Salcedo (PLN), califica la decisión de “disparate”.",
        "es",
        ("disparate", "Fermín Salcedo"),
    ),
    "fr, within the marks": (
        "« Ce procès, a lancé Me Raphaël Dantec en se levant, n’est pas celui d’un homme. »",
        "fr",
        (
            "Ce procès, a lancé Me Raphaël Dantec en se levant, n’est pas celui d’un homme.",
            "Raphaël Dantec",
        ),
    ),
    "fr, never closed": (
        "« Le dossier est vide, complètement vide, a réagi Me Isabelle Trémois.\nLe juge se tait.",
        "fr",
        (
            "Le dossier est vide, complètement vide, a réagi Me Isabelle Trémois.",
            "Isabelle Trémois",
        ),
    ),
    "fr, a verb on no list": (
        "« Ils nous prennent pour des sots », fulmine un riverain du port.",
        "fr",
        ("Ils nous prennent pour des sots", "un riverain du port"),
    ),
    "fr, as X explains": (
        "Comme l’explique le climatologue Yann Lebrec, « chaque degré compte ».",
        "fr",
        ("chaque degré compte", "Yann Lebrec"),
    ),
    "it, where it was written": (
        "«Grazie, siete la mia casa», ha scritto su Instagram il difensore Matteo Salvagni.",
        "it",
        ("Grazie, siete la mia casa", "Matteo Salvagni"),
    ),
    "it, the name with which a sentence opens": (
        "Il ministro Paolo Lima dice che il Paese è «al limite».",
        "it",
        ("al limite", "Paolo Lima"),
    ),
    "ru, to journalists": (
        "«Мы не закроем ни одной школы», — заявил журналистам министр области Игорь Савельев.",
        "ru",
        ("Мы не закроем ни одной школы", "Игорь Савельев"),
    ),
    "ru, paragraphs that open with no mark": (
        "«Здесь была голая степь.\nПотом построили школу.\nТеперь все уезжают», "
        "— рассказывает Борис Акулинин.",
        "ru",
        (
            "Здесь была голая степь.\nПотом построили школу.\nТеперь все уезжают",
            "Борис Акулинин",
        ),
    ),
    "de, in brackets of a verb": (
        "Kanzler Uwe Brodt hatte von „Panikmache“ gesprochen.",
        "de",
        ("Panikmache", "Uwe Brodt"),
    ),
    "ar, a verb with vowel signs": (
        "«الوضع تحت السيطرة»، علّق المحافظ فؤاد الدرويش.",
        "ar",
        ("الوضع تحت السيطرة", "المحافظ فؤاد الدرويش"),
    ),
    "zh, before a colon": (
        "市交通局局长陈立新表示：“三号线将于明年通车。”",
        "zh",
        ("三号线将于明年通车。", "市交通局局长陈立新"),
    ),
    "zh, a date before the verb": (
        "发言人林若川12日说，有关言论“毫无根据”。",
        "zh",
        ("毫无根据", "发言人林若川"),
    ),
    "zh, after": (
        "“水一下子就涨到了胸口，”村民吴桂兰回忆说。",
        "zh",
        ("水一下子就涨到了胸口", "村民吴桂兰"),
    ),
    "uk": (
        "«Міст закриють до кінця тижня», — заявив журналістам міністр області Ігор Савченко.",
        "uk",
        ("Міст закриють до кінця тижня", "Ігор Савченко"),
    ),
    "tr, the verb at the end": (
        "Ekonomist Nihan Çakıroğlu, “Faiz indirimi için acele edilmemeli” uyarısında bulundu.",
        "tr",
        ("Faiz indirimi için acele edilmemeli", "Nihan Çakıroğlu"),
    ),
    "tr, behind a participle": (
        "“Maçı kaybettik” diye konuşan teknik direktör Ersin Balaban salondan ayrıldı.",
        "tr",
        ("Maçı kaybettik", "Ersin Balaban"),
    ),
    "tr, according to": (
        "Ekonomist Nihan Çakıroğlu'na göre piyasalar “bekle ve gör” havasında.",
        "tr",
        ("bekle ve gör", "Nihan Çakıroğlu"),
    ),
    "no speaker": (
        "Le message tient en une ligne. « Personne ne viendra vous chercher ce soir. »",
        "fr",
        ("Personne ne viendra vous chercher ce soir.", None),
    ),
    "one word, qualified": (
        "Oslo qualifie de « pirates » les équipages arrêtés.",
        "fr",
        ("pirates", "Oslo"),
    ),
}


@pytest.mark.parametrize("case", SPOKEN)
def test_words_and_their_speaker(case: str) -> None:
    """One quotation, without its marks and trailing comma, and the speaker as written."""
    text, language, expected = SPOKEN[case]
    assert said(text, language) == [expected]


def test_a_quotation_goes_on_after_its_attribution():
    """`"…," X said. "…"`: the second half is X's too."""
    text = '"The quay is gone," Imogen Tarrant said. "We will build it again before winter."'
    assert [speaker for _, speaker in said(text, "en")] == ["Imogen Tarrant"] * 2


def test_both_halves_around_the_speaker():
    """`« … », a dit X, « … »`: two quotations, one speaker."""
    text = "« Le plus dur », confie Marc Lebrun, « c’est l’attente »."
    assert said(text, "fr") == [
        ("Le plus dur", "Marc Lebrun"),
        ("c’est l’attente", "Marc Lebrun"),
    ]


def test_joined_words_are_of_one_speaker():
    """`“A” and “B”`, `called it “A” and spoke of “B”`."""
    text = "Il ministro ha parlato di «gravi carenze» e di «omessi controlli»."
    assert said(text, "it") == [
        ("gravi carenze", "Il ministro"),
        ("omessi controlli", "Il ministro"),
    ]


def test_the_latter_is_the_one_named_last():
    """A noun that stands for a person is resolved as a pronoun is."""
    text = "Le maire a reçu Jean Petit. « J’ai été écouté », s’est félicité ce dernier."
    assert said(text, "fr") == [("J’ai été écouté", "Jean Petit")]


def test_what_others_say_is_not_of_the_last_speaker():
    """`her son added`: somebody else, though a noun."""
    text = "“We lost it all,” Maria Costa told reporters. Her son added: “We’ll rebuild.”"
    assert [speaker for _, speaker in said(text, "en")] == ["Maria Costa", "Her son"]


def test_a_paragraph_never_closed_without_a_speaker_is_none():
    """A mark that stands alone may be anything."""
    assert said("« Le dossier est vide et le restera longtemps.\nLe parquet se tait.", "fr") == []


def test_a_new_sentence_does_not_speak_the_words_before_it():
    """A full stop inside the marks: who opens the next sentence says something else."""
    text = "“The quay is gone and so are we.” Justice Rhona Maddern said the case was closed."
    assert said(text, "en") == [("The quay is gone and so are we.", None)]


def test_a_pronoun_that_was_left_out_stays_left_out():
    """Two women before: neither is `she`, nor later, when only one of them is near."""
    text = (
        "Imogen Tarrant met Rhona Maddern. “The harbour is closed for good,” she said. "
        "Rhona Maddern left. “Nobody will come back here,” she added."
    )
    assert [speaker for _, speaker in said(text, "en")] == [None, None]


NOT_SPOKEN = {
    "decree": ("Принято постановление «О порядке закрытия мостов в зимнее время года».", "ru"),
    "monument after according to": ("По словам Тимура Ясенева, памятник «Свеча» открыт.", "ru"),
    "company": ("Компания ООО «Ромашка» закрыла завод, сообщил Тимур Ясенев.", "ru"),
    "agency that reports": ("Как передает «Интерфакс», завод закрыт.", "ru"),
    "club before a verb": ("«Спартак» заявил о переходе нападающего.", "ru"),
    "newspaper": ('Le quotidien "Le Phare du Ponant" paraît le lundi.', "fr"),
    "ship": ("Lorsque le « Bora Six » a lancé son appel, le maire a déclaré l’alerte.", "fr"),
    "banner": ('A banner read "No water for the mine in our valley" at the gate.', "en"),
    "title of a film": ("Ihr Film „Die lange Reise nach Norden und zurück“ läuft im Mai.", "de"),
    "so-called": ("He said the so-called “expert panel” had never met.", "en"),
    "sprayed": ("Someone had sprayed “liars” on the steps, said Imogen Tarrant.", "en"),
    "meant otherwise": ("Так называемые «эксперты» снова заявили о победе.", "ru"),
    "possessives": ("The miners’ wives and the drivers’ union met at Tarrant’s house.", "en"),
    "inches": ('The 12" pipe burst, said Imogen Tarrant.', "en"),
    "chinese title": ("他读了《漫长的冬天与春天的故事》。", "zh"),
}


@pytest.mark.parametrize("case", NOT_SPOKEN)
def test_what_nobody_said_is_no_quotation(case: str) -> None:
    """Names, titles and banners stand between marks too."""
    text, language = NOT_SPOKEN[case]
    assert said(text, language) == []


def test_offsets_are_code_points_of_the_words():
    """`text[start:end]` is the text, also behind characters beyond the first plane."""
    text = "😀😀 « Le pont ne tiendra pas l’hiver », a déclaré Maëlle Kervadec."
    (one,) = quotes(text, "fr")
    assert text[one.start : one.end] == one.text == "Le pont ne tiendra pas l’hiver"


def test_a_person_mention_gives_the_id():
    """The speaker's entity id is that of the mention, also where only the surname stands."""
    text = "Maëlle Kervadec est arrivée. « Le pont ne tiendra pas », a dit Mme Kervadec."
    (one,) = quotes(text, "fr", "Maëlle Kervadec")
    assert (one.speaker, one.speaker_entity_id) == ("Maëlle Kervadec", "person:kervadec")


def test_a_title_stands_for_its_person():
    """A speaker named by title alone is the person whom the article gave that title."""
    text = (
        "La ministre galloise des Transports, Carys Penhallow, était à Cardiff.\n\n"
        "La ministre galloise des Transports poursuit : « la ligne sera coupée en mars »."
    )
    assert said(text, "fr", "Carys Penhallow") == [
        ("la ligne sera coupée en mars", "Carys Penhallow")
    ]


def test_a_title_of_two_persons_stands_for_none():
    """Two ministers: who speaks is left as the text has it."""
    text = (
        "Le ministre Carys Penhallow et le ministre Owain Treharne étaient là.\n\n"
        "Le ministre poursuit : « la ligne sera coupée en mars »."
    )
    assert said(text, "fr", "Carys Penhallow", "Owain Treharne") == [
        ("la ligne sera coupée en mars", "Le ministre")
    ]


def test_a_pronoun_is_the_one_person_near():
    """One candidate: it is she."""
    text = "Imogen Tarrant opened the gate. “The harbour is closed for good,” she said."
    assert said(text, "en") == [("The harbour is closed for good", "Imogen Tarrant")]


def test_a_pronoun_with_two_candidates_is_left_out():
    """Precision first: the words are kept, the speaker is null."""
    text = "Imogen Tarrant met Rhona Maddern. “The harbour is closed for good,” she said."
    assert said(text, "en") == [("The harbour is closed for good", None)]


def test_a_pronoun_goes_on_with_the_last_speaker():
    """`a-t-il ajouté` continues the one who spoke before."""
    text = (
        "« Le pont est vieux de cent ans », a déclaré Yannick Le Dantec. "
        "« Il faut le fermer dès demain », a-t-il ajouté."
    )
    assert [speaker for _, speaker in said(text, "fr")] == ["Yannick Le Dantec"] * 2
