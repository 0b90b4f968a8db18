"""fastai's tokens, for fastnb/text's tests to compare with: of tricky sentences, and, as hashes, of reviews of IMDB.

python fastai_tokens.py --data aclImdb_unsup --out fastai_tokens.json
Python 3.11; pip install fastai==2.8.12 torch==2.15.0 spacy==3.8.18

--data is the unpacked archive: the first 500 files of train/unsup by name are taken. "reviews" has for each file the number of
tokens, a SHA-256 of the tokens joined by newlines, and in "bytes", base64, the first byte of each token's SHA-256, so that
differing tokens can be counted: no text of a review can be read from it. "sentences" are made up; those of "not_utf8" are read as
Python does with errors="replace".
"""
import argparse, base64, hashlib, importlib.metadata, json, pathlib
from fastai.text.core import SpacyTokenizer, TokenizeWithRules

SENTENCES = [
    "", " ", "\n", "  two  spaces \n\n and\tlines \r\n here ", "Hello", "I", "A", "a",
    # contractions
    "I'm sure you can't, won't and shouldn't've; they'll've gone, we'd've stayed.", "Id say its ill, well, hell or shed: were they?",
    "Dont do it, youre wrong, theyve gone, hes here, im cannot gonna gotta.", "Let's go, y'all! C'mon, ma'am, it's 5 o'clock 'cause I said so.",
    "Who's that? That'd be what's-his-name's; there're two of 'em.", "It’s John’s, don’t you think? We’re ‘quoted’ and “quoted”.",
    "the students' books, rock 'n' roll, the '90s and the 1990's", "I ain't isn't aren't Wasn't DIDN'T", "lovin' it, ol' man, somethin' nothin'",
    "he'll she'd we've i've you're they're it'll", "who'd've thought how'd'y not've", "'s 'd 're 'tis 'Twas",
    # numbers, prices, times, units, dates
    "It costs $5.99, £10, 20€ or 1,000.50 US$ (about 30%).", "At 5pm, 11a.m., 12 p.m. or 13pm on 3/4/1999 and 2004-05-06.", "10km 5kg 3mm² 70°F. 20°c 100% 5'10\" 3D 2nd 1st 90s",
    "+5 -3 2+2=4 2*3 2-3 1-a a-1 3^4 7+ +a x+y", "10/10 8.5/10 7 out of 10!! 1.2.3.4 v1.2", "#1 movie, #hashtag @user &amp; co. S&P R&B",
    # web
    "See http://www.imdb.com/title/tt123?x=1&y=2 or www.foo-bar.co.uk, mail me@some-host.com.", "rotten-tomatoes.com is a-b.c-d.org:8080?q=a-b good,the-end.but fine.And so",
    "ftp://x.y user-name@mail.example.com, foo-bar.com. (see foo-bar.com)", "a@b-c.de @-@ word @.@ word 3 @-@ 4",
    # hyphens, dashes, dots
    "well-known -- not—so–well---known ~ self~made", "-dash dash- --dash dash-- ---", "Wait... what.. no.... yes…ok… …", "e.g. i.e. U.S.A. U.K., Ph.D. Mr. Smith, Dr. Who vs. Mrs. X, etc.",
    "end.Start end.start \"end.\"Start 'a.b' Mr.Smith no.1 a.m. x.y.", "the word.\" and the word\". and word.) (word.", "a,b a, b ,c d,,e", "one/two and/or w/o w/e //comment \\path\\to",
    # emoticons
    "great:) sad :( ;-) :-D :P :p =) 8) 8-) <3 </3 ^_^ -_- o_O :'( >:( (: ): :/ :o) :]", "(great :) (great:)) really :-)) :)):", "xD XD :D ;) ;_; @_@ (^_^) ._. >.< 0.0 o.o", "ok:)ok :):) :-):-( x:D",
    # capitals
    "THIS IS LOUD And This Is Title iPhone McDonald USA's NASA, O'Neil A+ B2 X-Men 3D II.", "ÉCOLE École ÀÉ Straße ΣΟΦΟΣ Σ İstanbul ǅ", "I AM I, A B", "HeLLo WORLD!Yes (LOUD) \"LOUD\" 'Title'",
    # repetitions
    "sooooo gooood!!!! ??? aaa aa -----", "no no no yes yes yes", "very very very very good", "the the the then, the, the the the.", "No no no. (ha ha ha) ha ha ha! ha, ha, ha", "word word\nword  word\tword", "!!!\n\n\n***", "1111 22 333 …… ........",
    "xxx xxmaj xxup xxbos xxunk <unk>", "really REALLY really really", "a a a a_b a a a", "no  no   no  yes yes yes",
    # HTML
    "a<br />b<br /><br />c <br/> <b>bold</b> &lt;tag&gt; &quot;q&quot; &#39;x&#39; &nbsp; &eacute; &notanentity; &#8217; &#x27; &copy", "AT&T &amp;amp; quot;hi quot; #39;s #146;s #36;5 nbsp;x \\n y \\\" z",
    "&#150; &#0; &#xD800; &#1; &#9; &lt &ltx &notit;", "<i>It</i> <space> < > <> =< >= <=> a<b a>b a=b a:b c:d",
    # punctuation
    "(a) [b] {c} <d> \"e\" 'f' `g` ``h'' «i» „j“ ‚k‘ *l* _m_ ~n~ |o| =p= %q% &r&", "what?! no!? a!b c?d e;f g:h i|j k*l m_n o&p", "((nested)) [[x]] ((a)", "semi;colon: comma,dash-period.", "'' \"\" '\"' ')' ('a", "can't've (can't) \"can't\" -can't- can't. can't, wouldn't-be", "§5 100§ 5$ $ €5 ¢5 ¥ a$b $a 5£", "_under_score __init__ a__b",
    # unicode
    "café naïve Привет, мир! 你好。世界 こんにちは 한국어 שלום العربية हिन्दी", "😀😀 great😀movie 👍🏽 👨‍👩‍👧 ❤️ ☺ ★★★ ©2004 ® ™ ° → ½ ² №5", "a\u00a0b \u200b zero \ufeff bom \u2028 line \u3000 wide", "fullwidth！ （x） ，y。z", "ﬁ ligature Ⅷ ١٢٣ x́ e\u0301", "nul\x00byte \x00 \x1c sep \x85 \x7f \x01",
    "a…b …a a… ……", "don't—really—do", "ok. ok.. ok... OK…. .5 5. .a a.", "3 3 3 3 three three three", "ABC ABC ABC Abc Abc Abc", "\ttab\t\ttab", "trailing \n", "x \n \n y", " leading",
]
NOT_UTF8 = [b"caf\xe9 ol\xe9!", b"\xff\xfe\x00a", b"ok \xe2\x82 half \xc3", b"\xed\xa0\x80 surrogate \xf8\x88\x80\x80\x80"]


def arguments():
    p = argparse.ArgumentParser()
    p.add_argument("--data", type=pathlib.Path, required=True)
    p.add_argument("--out", type=pathlib.Path, required=True)
    p.add_argument("--reviews", type=int, default=500)
    return p.parse_args()


def review(file, tokens):
    digests = bytes(hashlib.sha256(t.encode()).digest()[0] for t in tokens)
    return {"file": file.name, "tokens": len(tokens), "sha256": hashlib.sha256("\n".join(tokens).encode()).hexdigest(),
            "bytes": base64.b64encode(digests).decode()}


def main():
    args = arguments()
    tokenize = TokenizeWithRules(SpacyTokenizer())
    tokens = lambda texts: [list(t) for t in tokenize(texts)]
    files = sorted((args.data / "train" / "unsup").glob("*.txt"), key=lambda f: f.name)[:args.reviews]
    reviews = [review(f, t) for f, t in zip(files, tokens([f.read_text(encoding="utf8") for f in files]))]
    broken = [b.decode(errors="replace") for b in NOT_UTF8]
    out = {"sentences": [{"text": s, "tokens": t} for s, t in zip(SENTENCES, tokens(SENTENCES))],
           "not_utf8": [{"hex": b.hex(), "tokens": t} for b, t in zip(NOT_UTF8, tokens(broken))], "reviews": reviews}
    versions = json.dumps({p: importlib.metadata.version(p) for p in ("fastai", "spacy")})
    lists = [f'"{k}": [\n' + ",\n".join(map(json.dumps, v)) + "\n]" for k, v in out.items()]
    args.out.write_text('{"versions": ' + versions + ",\n" + ",\n".join(lists) + "\n}\n")


if __name__ == "__main__":
    main()
