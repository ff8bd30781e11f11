# Names of sequences of characters, and names that characters have besides their own.
import unicodedata

NAMES = """KEYCAP DIGIT ONE; keycap number sign; LATIN CAPITAL LETTER A WITH MACRON AND GRAVE; TAMIL SYLLABLE KSSAU; KATAKANA
LETTER AINU P; BENGALI LETTER KHINYA; GEORGIAN LETTER U-BRJGU; KHMER CONSONANT SIGN COENG KA; HIRAGANA LETTER BIDAKUON
NGA; Tamil Consonant K; MODIFIER LETTER EXTRA-HIGH EXTRA-LOW CONTOUR BAR; LATIN SMALL LETTER M WITH TILDE; SINHALA
CONSONANT SIGN YANSAYA; KEYCAP DIGIT TEN; NULL; LINE FEED; lf; BOM; BYTE ORDER MARK; ZWNBSP; ZWJ; CGJ; SHY; NBSP; VS1;
VS256; LATIN SMALL LETTER GHA; GREEK SMALL LETTER LAMBDA; PRESENTATION FORM FOR VERTICAL RIGHT WHITE LENTICULAR
BRACKET; WEIERSTRASS ELLIPTIC FUNCTION; MICR ON US SYMBOL; NNBSP; KEYCAP_DIGIT_ONE; TAMIL SYLLABLE; ALERT; BELL;
HANGUL SYLLABLE GAG; LATIN CAPITAL LETTER GHA; FVS1; MVS; PIDA; SYRIAC SUBLINEAR COLON SKEWED LEFT"""
for name in NAMES.replace("\n", " ").split("; "):
    for database in unicodedata, unicodedata.ucd_3_2_0:
        try:
            text = database.lookup(name.strip())
            print(name, ascii(text), [unicodedata.name(c, "-") for c in text])
        except KeyError as error:
            print(name, error)
print(ascii("\N{NBSP}\N{LATIN SMALL LETTER GHA}"), ascii(rb"\N{ZWJ}\N{vs17}".decode("unicode_escape")))
for text in rb"\N{KEYCAP DIGIT ONE}", rb"\N{NOTHING}":
    try:
        print(text.decode("unicode_escape"))
    except UnicodeDecodeError as error:
        print(error)
print("\x00\x07\xad\u0122\ufeff\u1f1e6".encode("ascii", "namereplace"))
