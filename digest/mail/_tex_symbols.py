"""What TeX's words mean in Unicode: data for tex.py, nothing else."""

import unicodedata

_GREEK = """
alpha beta gamma delta epsilon zeta eta theta iota kappa lamda mu nu xi omicron pi rho sigma tau upsilon phi chi psi
omega
"""  # as Unicode spells them; TeX writes `lambda`

_PAIRS = """
varepsilon ε vartheta ϑ varpi ϖ varrho ϱ varsigma ς varphi φ phi φ epsilon ε ell ℓ hbar ℏ imath ı jmath ȷ Re ℜ Im ℑ
aleph ℵ wp ℘ partial ∂ nabla ∇ infty ∞ emptyset ∅ varnothing ∅ forall ∀ exists ∃ nexists ∄ neg ¬ lnot ¬ land ∧ wedge
∧ lor ∨ vee ∨ cap ∩ cup ∪ setminus ∖ in ∈ notin ∉ ni ∋ subset ⊂ supset ⊃ subseteq ⊆ supseteq ⊇ subsetneq ⊊ sum ∑
prod ∏ coprod ∐ int ∫ iint ∬ oint ∮ bigcup ⋃ bigcap ⋂ leq ≤ le ≤ leqslant ≤ geq ≥ ge ≥ geqslant ≥ neq ≠ ne ≠ ll ≪ gg
≫ equiv ≡ sim ∼ simeq ≃ approx ≈ cong ≅ propto ∝ lesssim ≲ gtrsim ≳ prec ≺ succ ≻ preceq ⪯ succeq ⪰ perp ⊥ parallel
∥ mid | vdash ⊢ models ⊨ triangleq ≜ pm ± mp ∓ times × div ÷ cdot · ast ∗ star ⋆ circ ∘ bullet • oplus ⊕ ominus ⊖
otimes ⊗ odot ⊙ dagger † ddagger ‡ to → rightarrow → leftarrow ← gets ← leftrightarrow ↔ Rightarrow ⇒ Leftarrow ⇐
Leftrightarrow ⇔ implies ⇒ iff ⇔ uparrow ↑ downarrow ↓ mapsto ↦ longrightarrow ⟶ longleftarrow ⟵ rightleftharpoons ⇌
hookrightarrow ↪ nearrow ↗ ldots … dots … cdots ⋯ vdots ⋮ ddots ⋱ dotsc … prime ′ degree ° angle ∠ triangle △ square
□ Box □ diamond ⋄ langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ lbrace { rbrace } lvert | rvert | vert | lVert
‖ rVert ‖ Vert ‖ backslash \\ S § P ¶ copyright © pounds £ euro € textdegree ° textbackslash \\ textasciitilde ~
textendash – textemdash — textquotesingle ' textquoteright ’ textquoteleft ‘ textmu µ textregistered ® texttrademark
™ AA Å aa å AE Æ ae æ OE Œ oe œ O Ø o ø L Ł l ł ss ß i ı j ȷ DH Ð dh ð TH Þ th þ NG Ŋ ng ŋ odot ⊙ sun ☉ checkmark ✓
surd √ LaTeX LaTeX TeX TeX
"""


def _words() -> dict[str, str]:
    parts = _PAIRS.split()
    words = dict(zip(parts[::2], parts[1::2], strict=True))
    for name in _GREEK.split():
        tex = "lambda" if name == "lamda" else name
        words.setdefault(tex, unicodedata.lookup(f"GREEK SMALL LETTER {name.upper()}"))
        words.setdefault(tex.capitalize(), unicodedata.lookup(f"GREEK CAPITAL LETTER {name.upper()}"))
    return words


SYMBOLS = _words()
"""`\\alpha` -> α, and so on."""

_LETTERS = """
AA aa AE ae OE oe O o L l ss i j DH dh TH th NG ng
"""
LETTERS = frozenset(_LETTERS.split())
"""Symbols that stand inside a word: the blank after them is not printed."""

ACCENTS = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328", "r": "\u030a", "d": "\u0323",
    "b": "\u0331", "hat": "\u0302", "widehat": "\u0302", "tilde": "\u0303", "widetilde": "\u0303", "bar": "\u0304",
    "overline": "\u0305", "vec": "\u20d7", "dot": "\u0307", "ddot": "\u0308", "check": "\u030c", "acute": "\u0301",
    "grave": "\u0300", "breve": "\u0306", "mathring": "\u030a", "underline": "\u0332",
}  # fmt: skip
"""Combining marks, by the word that puts them over (or under) what follows."""

SPACES = {",": " ", ";": " ", ":": " ", " ": " ", "\n": " ", "\t": " ", "\\": " ", "quad": " ", "qquad": " ", "!": "",
          "/": "", "-": "", "@": "", "newline": " ", "par": " ", "linebreak": " "}  # fmt: skip

_SILENT = """
left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr displaystyle textstyle scriptstyle limits
nolimits bf it rm sf tt sc em sl cal normalfont bfseries itshape small large Large noindent centering protect
ensuremath relax textbf textit textrm textsf texttt textsc textsl textup textmd textnormal text emph mbox hbox
mathrm mathbf mathit mathsf mathtt mathcal mathscr mathfrak boldsymbol bm pmb operatorname mathop mathbin mathrel
mathord xspace textsuperscript textsubscript uppercase lowercase url nolinkurl path underbrace overbrace xrightarrow
mathnormal footnotesize scriptsize tiny item
"""
SILENT = frozenset(_SILENT.split())
"""Words that only say how something looks: their argument is printed, they are not."""

_DROPPED = """
cite citep citet citealp citeauthor citeyear label ref eqref autoref footnote footnotemark thanks begin end vspace
hspace includegraphics color index phantom hphantom vphantom href textcolor
"""
DROPPED = frozenset(_DROPPED.split())
"""Words that take their (first) argument away with them."""

_SUPER = dict(zip("0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθφχ",
                  "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿᵠᵡ", strict=True))  # fmt: skip
_SUB = dict(zip("0123456789+-−=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True))
SCRIPTS = {"^": _SUPER, "_": _SUB}
"""Characters that have a raised or a lowered form."""

MARKS = frozenset("′*†‡⋆+")
"""Characters that look right without being raised."""


def double_struck(letter: str) -> str:
    """Give the blackboard form of a capital letter or digit, or the letter itself."""
    for pattern in ("DOUBLE-STRUCK CAPITAL {}", "MATHEMATICAL DOUBLE-STRUCK CAPITAL {}"):
        try:
            return unicodedata.lookup(pattern.format(letter))
        except KeyError:
            continue
    return letter
