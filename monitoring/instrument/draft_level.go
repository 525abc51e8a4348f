package instrument

import (
	"strings"

	"waymark/stats/table"
)

// missingAnswers are answers that stand for a reason, in lower case, as forms
// in English, French and Arabic write them.
var missingAnswers = map[string]string{
	"refused": "refused", "refuse": "refused", "refused to answer": "refused", "refuses to answer": "refused", "prefer not to say": "refused",
	"prefer not to answer": "refused", "prefers not to answer": "refused", "no answer": "refused", "declined": "refused", "rf": "refused",
	"préfère ne pas répondre": "refused", "refus": "refused", "refusé": "refused", "ne souhaite pas répondre": "refused", "يفضل عدم الإجابة": "refused", "رفض الإجابة": "refused",
	"dk": "dont_know", "don't know": "dont_know", "dont know": "dont_know", "do not know": "dont_know", "does not know": "dont_know", "dont_know": "dont_know",
	"doesn't know": "dont_know", "don't_know": "dont_know", "unknown": "dont_know", "not known": "dont_know", "ne sait pas": "dont_know", "nsp": "dont_know", "لا يعرف": "dont_know", "لا أعرف": "dont_know",
	"n/a": "not_applicable", "na": "not_applicable", "not applicable": "not_applicable", "not_applicable": "not_applicable", "sans objet": "not_applicable", "non applicable": "not_applicable", "لا ينطبق": "not_applicable",
	"not asked": "not_asked", "not_asked": "not_asked", "skipped": "not_asked",
}

// missingWord is the reason that a code or label stands for, or "".
func missingWord(code, label string) string {
	for _, s := range []string{code, label} {
		if word, ok := missingAnswers[labelKey(s)]; ok {
			return word
		}
	}
	return ""
}

// yesWords and noWords are what yes and no are called, in lower case.
var (
	yesWords = map[string]bool{"yes": true, "y": true, "true": true, "t": true, "1": true, "oui": true, "o": true, "vrai": true, "نعم": true, "si": true, "sí": true, "ja": true, "sim": true}
	noWords  = map[string]bool{"no": true, "n": true, "false": true, "f": true, "0": true, "non": true, "faux": true, "لا": true, "nein": true, "não": true, "nao": true}
)

// draftLevels makes choices of levels in the order of the column.
func draftLevels(levels []table.Level) []draftLevel {
	taken := map[string]bool{}
	var out []draftLevel
	for _, l := range levels {
		label := l.Label
		if label == "" {
			label = l.Code
		}
		out = append(out, draftLevel{draftCode(l.Code, taken), label, missingWord(l.Code, label)})
	}
	return out
}

// yesLevel is the code that means yes, if the choices are yes and no and
// nothing else but reasons for a missing answer.
func yesLevel(levels []draftLevel) string {
	yes, no := "", 0
	for _, l := range levels {
		if l.missing != "" {
			continue
		}
		code, label := strings.ToLower(l.code), labelKey(l.label)
		switch {
		case yes == "" && (yesWords[label] || yesWords[code] && !noWords[label]):
			yes = l.code
		case noWords[label] || noWords[code]:
			no++
		default:
			return ""
		}
	}
	if no != 1 {
		return ""
	}
	return yes
}
