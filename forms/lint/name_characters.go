package lint

import "strings"

var nameCharacters = Rule{
	ID: "name-characters", Severity: Warning,
	Finds:  "a question's name with other characters than A-Z, a-z, 0-9 and _",
	Why:    "Stata, R and SQL change such names on reading, each in its own way",
	Source: "Stata User's Guide 11.3, Naming conventions; IBM SPSS Statistics, Variable Names",
	check: func(q *questionnaire, report report) {
		for _, r := range q.rows {
			if plain := plainName(r.Name); plain != r.Name {
				report(q.at(r, "name"), "write "+plain, "the name %q will be changed on export", r.Name)
			}
		}
	},
}

// plainName puts an underscore for every character that statistics programs do
// not take in a name.
func plainName(name string) string {
	plain := strings.Map(func(c rune) rune {
		if c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
			return c
		}
		return '_'
	}, name)
	if strings.Trim(plain, "_") == "" && name != "" && plain != name {
		return "a name in Latin letters"
	}
	return plain
}
