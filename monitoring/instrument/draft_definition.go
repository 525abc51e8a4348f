package instrument

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of the levels of a drafted group: under 2 divides nothing, over 12
// makes cells too small to show.
const (
	minGroupLevels = 2
	maxGroupLevels = 12
)

// Bounds of what is drafted of a file of very many columns, so that a person
// can read it: groups, indicators, and explanations of types.
const (
	maxDraftGroups     = 60
	maxDraftIndicators = 120
	maxDraftTypes      = 400
)

// definition writes instrument.yaml, with a comment on every guess.
func (d *draft) definition() []byte {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	comment := func(indent, text string) {
		for _, l := range wrapComment(text, 78-len(indent)-2) {
			line("%s# %s", indent, l)
		}
	}
	comment("", fmt.Sprintf("Drafted from %s. Every guess says why in a comment: check each, and change what is wrong. The questions are in survey.csv, their codes in choices.csv.", d.source))
	line("")
	line("id: %s", quoted(d.id))
	line("title: %s", quoted(d.id))
	line("version: \"1\"")
	line("date: %s", quoted(d.date))
	line("citation:")
	d.cite(&b, "  ", d.source)
	line("languages: [%s]", quotedList(d.languages))
	line("")
	if len(d.skipped) > 0 {
		comment("", "Columns that are no question and are not read:")
		for _, s := range d.skipped {
			comment("", "- "+s)
		}
		line("")
	}
	if len(d.remarks) > 0 {
		comment("", "To look at:")
		sort.Strings(d.remarks)
		for _, s := range d.remarks {
			comment("", "- "+s)
		}
		line("")
	}
	comment("", `What a file may hold in place of an answer, in any column: refused, dont_know, not_applicable, not_asked or blank. For example: missing: {"-99": refused}`)
	line("missing: {}")
	line("")
	comment("", "Lists whose choices have an order of their own.")
	ordered := ""
	for _, q := range d.questions {
		if q.name == d.roleOf(RoleTransit) {
			comment("", q.list+": the levels of a time in transit have an order; check that the choices are in it")
			ordered = quoted(q.list)
		}
	}
	line("ordered: [%s]", ordered)
	line("")
	d.writeIdentifying(line, comment)
	d.writeRoles(line, comment)
	d.writeTypes(comment)
	line("")
	d.writeGroups(line, comment)
	d.writeIndicators(&b, line, comment)
	comment("", "Who is left out, in order: each rule with id, label, question, levels or below, missing (exclude or keep), why, and citation. None was guessed, because it decides who counts.")
	for _, r := range d.roles {
		if r.role == RoleConsent {
			comment("", fmt.Sprintf("IMPORTANT: %s looks like consent. Until a rule stands here, people who did not consent are counted. For example:", r.name))
			for _, l := range []string{"exclusions:", "  - id: consent", "    label: Did not consent", "    question: " + r.name, `    levels: ["no"]`,
				"    missing: exclude", "    why: No answer is no consent.", "    citation: {authority: ..., source: ..., date: ...}"} {
				line("# %s", l)
			}
		}
	}
	line("exclusions: []")
	return []byte(b.String())
}

func (d *draft) writeIdentifying(line func(string, ...any), comment func(string, string)) {
	comment("", "Answers that may point to a person. They are never printed.")
	any := false
	for _, q := range d.questions {
		if q.identifying == "" {
			continue
		}
		if !any {
			line("identifying:")
			any = true
		}
		comment("  ", q.name+": "+q.identifying)
		line("  - %s", quoted(q.name))
	}
	if !any {
		line("identifying: []")
	}
	line("")
}

func (d *draft) writeRoles(line func(string, ...any), comment func(string, string)) {
	comment("", "The parts that questions play. All are optional: "+strings.Join(roleWords(), ", ")+".")
	if len(d.roles) == 0 {
		line("roles: {}")
	} else {
		line("roles:")
	}
	for _, known := range roleKinds {
		for _, r := range d.roles {
			if r.role == known.role {
				comment("  ", r.name+": "+r.why)
				line("  %s: %s", r.role, quoted(r.name))
			}
		}
	}
	line("")
}

// writeTypes tells why each column has its type.
func (d *draft) writeTypes(comment func(string, string)) {
	if d.fromWorkbook {
		return
	}
	comment("", "Why each question has its type; change it in survey.csv.")
	for i, q := range d.questions {
		if i == maxDraftTypes {
			comment("", fmt.Sprintf("- and %d more", len(d.questions)-i))
			break
		}
		kind := strings.TrimSpace(q.kind + " " + q.list)
		comment("", fmt.Sprintf("- %s is %s: %s", q.name, kind, q.why))
	}
}

func (d *draft) writeGroups(line func(string, ...any), comment func(string, string)) {
	comment("", fmt.Sprintf("Ways to divide the sample: each question with %d to %d answers. A number is divided by bands: [{code: \"0-9\", from: 0, to: 9}, ...]", minGroupLevels, maxGroupLevels))
	var groups []*draftQuestion
	for _, q := range d.questions {
		if n := len(presentLevels(q.levels)); q.kind == "select_one" && n >= minGroupLevels && n <= maxGroupLevels && q.identifying == "" {
			groups = append(groups, q)
		}
	}
	if len(groups) > maxDraftGroups {
		comment("", fmt.Sprintf("The first %d of %d; add others as you need them.", maxDraftGroups, len(groups)))
		groups = groups[:maxDraftGroups]
	}
	if len(groups) == 0 {
		line("groups: []")
	} else {
		line("groups:")
	}
	for _, q := range groups {
		line("  - {id: %s, from: %s}", quoted(q.name), quoted(q.name))
	}
	line("")
}

func (d *draft) writeIndicators(b *strings.Builder, line func(string, ...any), comment func(string, string)) {
	comment("", `Yes/no measures, one for each question whose answers are yes and no. Write each sentence so that it reads after "people", and name who defined it.`)
	n := 0
	for _, q := range d.questions {
		if q.yes == "" || q.identifying != "" {
			continue
		}
		if n == 0 {
			line("indicators:")
		}
		if n++; n > maxDraftIndicators {
			continue
		}
		line("  - id: %s", quoted(q.name))
		line("    label: %s", quoted(cmp.Or(q.label, q.header)))
		line("    sentence: %s", quoted(fmt.Sprintf("answered yes to \"%s\"", cmp.Or(q.label, q.header))))
		line("    experience: measure")
		line("    question: %s", quoted(q.name))
		line("    yes: [%s]", quoted(q.yes))
		line("    citation:")
		d.cite(b, "      ", d.source+", column "+q.header)
	}
	switch {
	case n == 0:
		line("indicators: []")
	case n > maxDraftIndicators:
		comment("  ", fmt.Sprintf("The first %d of %d yes/no questions; add others as you need them.", maxDraftIndicators, n))
	}
	line("")
}

func (d *draft) cite(b *strings.Builder, indent, source string) {
	what := "drafted from the data file"
	if d.fromWorkbook {
		what = "drafted from the form"
	}
	fmt.Fprintf(b, "%sauthority: %s\n%ssource: %s\n%sdate: %s\n", indent, quoted(what), indent, quoted(source), indent, quoted(d.date))
}

func presentLevels(levels []draftLevel) []draftLevel {
	var present []draftLevel
	for _, l := range levels {
		if l.missing == "" {
			present = append(present, l)
		}
	}
	return present
}

func roleWords() []string {
	words := make([]string, len(roleKinds))
	for i, r := range roleKinds {
		words[i] = string(r.role)
	}
	return words
}

// quoted writes a YAML text in double quotes. JSON's escapes are YAML's too.
func quoted(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		return `""` // a string always encodes
	}
	return strings.TrimSpace(b.String())
}

func quotedList(list []string) string {
	q := make([]string, len(list))
	for i, s := range list {
		q[i] = quoted(s)
	}
	return strings.Join(q, ", ")
}

// wrapComment breaks a text into lines of at most width bytes, and takes out
// what would end a comment.
func wrapComment(text string, width int) []string {
	var lines []string
	line := ""
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError {
			return ' '
		}
		return r
	}, text)
	for _, w := range strings.Fields(text) {
		if line != "" && len(line)+1+len(w) > width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += w
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
