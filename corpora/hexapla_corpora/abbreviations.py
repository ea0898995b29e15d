"""Abbreviations that end with a full stop, and words that begin sentences, in the six languages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Abbreviations:
    """The abbreviations of a language, in lower case and without the final full stop.

    Attributes:
        never_final: never ends a sentence, as a name or number always follows (Mr., см.).
        before_number: does not end a sentence if a number, numeral or single letter follows (art. 5, No. 3).
        sometimes_final: ends a sentence only if one of the starters follows (Inc., г.).
        usually_final: ends a sentence unless lower case or a figure follows (etc.).
        labelled: words after which a single capital is a label and not an initial (annex B.).
        starters: words that begin sentences but not names.
    """

    never_final: frozenset[str]
    before_number: frozenset[str]
    sometimes_final: frozenset[str]
    usually_final: frozenset[str]
    labelled: frozenset[str]
    starters: frozenset[str]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MONTHS = _words(
    "jan feb mar apr jun jul aug sept sep oct nov dec janv févr avr juil déc ene abr ago set dic"
)

_ENGLISH = Abbreviations(
    never_final=_words(
        "mr mrs ms messrs dr prof st mt ft gen col maj capt lt sgt adm brig rev hon sr gov amb rep sen"
        " pres cf viz vs v i.e e.g ed eds trans approx ca ibid op incl esp excl"
    ),
    before_number=_words(
        "no nos art arts para paras par pars chap chaps ch sect sects sec secs vol vols p pp fig figs tab"
        " suppl annex app cl col cols ser n nn fn add corr rev res dec doc docs item items pt reg regs r l"
        " s ss c"
    )
    | _MONTHS,
    sometimes_final=_words(
        "al inc ltd co corp u.s u.n u.k u.s.a a.m p.m ph.d m.d b.c a.d jr bros dept est univ govt natl intl"
    ),
    usually_final=_words("etc"),
    labelled=_words(
        "annex appendix group part section chapter table figure category schedule option plan phase list"
        " class vitamin committee title paragraph type model zone area block scenario hepatitis"
    ),
    starters=_words(
        "the a an this that these those it its he she they we i in on at by for from to with without"
        " within as if when while where since after before during under over however moreover furthermore"
        " therefore thus also although such some many most all each every both no not there here his her"
        " their our one two three states member see but and or once until unless what who how why another"
        " other according following given regarding"
    ),
)

_FRENCH = Abbreviations(
    never_final=_words(
        "m mm mgr dr pr me mr st ste gén col cap cf c.-à-d p.ex env éd éds réf ibid vs adm amb trad dir"
        " prof rév hon"
    ),
    before_number=_words(
        "no nos n art arts par para paras chap sect vol p pp fig tab suppl ann append al add corr rév rés"
        " déc doc ch l t liv h s ss col n.o pt pts rec"
    )
    | _MONTHS,
    sometimes_final=_words("al resp ex ph.d o.n.u n.u e.u é.-u j.-c av apr inc ltée cie sté dép univ"),
    usually_final=_words("etc"),
    labelled=_words(
        "annexe appendice groupe partie section chapitre tableau figure catégorie option plan phase liste"
        " classe vitamine commission titre paragraphe type zone bloc scénario hépatite"
    ),
    starters=_words(
        "le la les l un une des ce cet cette ces il elle ils elles on nous vous je en dans sur par pour à"
        " au aux de du d avec sans sous selon si quand lorsque comme depuis après avant pendant toutefois"
        " cependant néanmoins ainsi aussi bien mais et ou or donc car tout toute tous toutes chaque aucun"
        " aucune certains plusieurs son sa ses leur leurs notre votre qui que quoi où comment pourquoi"
        " voir conformément outre enfin afin"
    ),
)

_SPANISH = Abbreviations(
    never_final=_words(
        "sr sra srta sres sras dr dra dres prof ing lic gral cnel cap tte d dña da fr sto sta mons excmo"
        " excma ilmo cf cfr p.ej ej v vid ed eds aprox trad ibid vs hon mtro arq"
    ),
    before_number=_words(
        "núm núms no nos nº art arts párr párrs párrafo apdo cap caps sec secc vol vols pág págs p pp fig"
        " figs cuadro supl add corr rev res dec doc docs inc lit tít t n n.º n.os no.s l s ss c col"
    )
    | _MONTHS,
    sometimes_final=_words(
        "al ee.uu ee uu u.s n.u s.a s.l cía ltda a.c d.c a.m p.m ph.d jr dpto depto univ a.e.c"
    ),
    usually_final=_words("etc"),
    labelled=_words(
        "anexo apéndice grupo parte sección capítulo cuadro gráfico categoría opción plan fase lista"
        " clase vitamina comisión título párrafo tipo zona bloque escenario hepatitis"
    ),
    starters=_words(
        "el la los las lo un una unos unas este esta estos estas ese esa esos esas aquel él ella ellos"
        " ellas se su sus en de del a al por para con sin sobre según si cuando como desde tras después"
        " antes durante mientras aunque embargo además asimismo también así no pero y o e todo toda todos"
        " todas cada ningún ninguna algunos muchos nuestro que quien qué cómo véase otros otra conforme"
        " entre hay ha han"
    ),
)

_RUSSIAN = Abbreviations(
    never_final=_words(
        "см ср напр т.е т.н т.к т.ч т.зв г-н г-жа гн гжа проф акад доц инж ген полк им св о-в р-н обл ул"
        " пр просп пер д-р др-р англ фр исп рус лат прим ред сост пос дер чл.-корр зам пом нач"
    ),
    before_number=_words(
        "п пп ст стст стр с гл разд ч чч абз подп подпункт т тт рис табл прил вып кн № No no док рез реш"
        " л д кв корп оп добавл испр англ янв февр мар апр авг сент окт нояб дек стб ок"
    ),
    sometimes_final=_words(
        "г гг в вв др пр н.э э н.ст ст.ст долл руб коп млн млрд тыс тел чел экз ч мин сек кг км мм см га"
        " проц и.о сш с.ш ю.ш в.д з.д"
    ),
    usually_final=_words("т.д т.п тд тп"),
    labelled=_words(
        "приложение приложения приложении группа группы группе часть части раздел раздела разделе глава"
        " таблица рисунок категория вариант план фаза список класс витамин тип зона блок сценарий гепатит"
        " группам секция секции"
    ),
    starters=_words(
        "в во на с со к ко о об от до по из за для при без под над у и а но или это эта этот эти он она"
        " они оно мы вы я его её ее их как так также однако кроме если когда пока после перед поэтому тем"
        " том таким вместе согласно затем кто что где почему все всё каждый ни не нет другие некоторые"
        " многие наш наши один одна данный данная данные настоящий настоящая следует см хотя более ещё еще"
        " между через"
    ),
)

_ARABIC = Abbreviations(
    never_final=_words("د أ أ.د أ.م.د ا.د ت تح مج"),
    before_number=_words("ص ص.ص صص ج ط ع ف ق رقم مج ر س فق"),
    sometimes_final=_words("ق.م ب.م م و.م.أ"),
    usually_final=_words("الخ إلخ م ه هـ"),
    labelled=_words(
        "المرفق المجموعة الجزء الفرع الفصل الجدول الشكل الفئة الخيار المرحلة القائمة اللجنة الباب"
    ),
    starters=frozenset(),
)

ABBREVIATIONS: dict[str, Abbreviations] = {
    "en": _ENGLISH,
    "fr": _FRENCH,
    "es": _SPANISH,
    "ru": _RUSSIAN,
    "ar": _ARABIC,
    "zh": _ENGLISH,  # Latin words in Chinese documents are mostly English
}
