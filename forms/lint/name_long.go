package lint

// The longest names: 32 characters in Stata, 64 bytes in SPSS.
const (
	stataName = 32
	spssName  = 64
)

var nameLong = Rule{
	ID: "name-long", Severity: Warning,
	Finds:  "a question's name longer than 32 characters (Stata) or 64 bytes (SPSS)",
	Why:    "the name is cut on export; where two begin alike, one is lost or renamed",
	Source: "Stata User's Guide 11.3, Naming conventions; IBM SPSS Statistics, Variable Names",
	check: func(q *questionnaire, report report) {
		first := map[string]*row{}
		for _, r := range q.rows {
			if r.input() || r.Type == "calculate" {
				letters := []rune(r.Name)
				if len(letters) > stataName {
					cut := string(letters[:stataName])
					switch other := first[cut]; {
					case other != nil && other.Name != r.Name:
						report(q.at(r, "name"), "shorten both to 32 characters that differ",
							"the names %q and %q (row %d) are one in Stata, which keeps 32 characters", r.Name, other.Name, other.Place.Row)
					case len(r.Name) > spssName:
						report(q.at(r, "name"), "shorten it to 32 characters or fewer",
							"the name %q has %d characters; Stata keeps 32 and SPSS 64", r.Name, len(letters))
					default:
						report(q.at(r, "name"), "shorten it to 32 characters or fewer",
							"the name %q has %d characters; Stata keeps 32", r.Name, len(letters))
					}
					letters = letters[:stataName]
				}
				if first[string(letters)] == nil {
					first[string(letters)] = r
				}
			}
		}
	},
}
