package access

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waymark/internal/ids"
)

var update = flag.Bool("update", false, "write testdata/table.txt")

// The things that the table speaks of.
const (
	here, elsewhere ids.ID = 101, 102
	me, another     ids.ID = 201, 202
	phone           ids.ID = 301
)

// column is one kind of person in relation to what is asked for.
type column struct {
	name string
	who  Principal
}

// block is one part of the table: who, in which relation, to what.
type block struct {
	title   string
	columns []column
	on      Resource
	// but is what is left out: rows that are as on this resource. Zero is none.
	but *Resource
}

func blocks() []block {
	holding := func(programme ids.ID, more ...Role) []column {
		var cs []column
		for _, r := range every {
			who := Principal{Account: me, Members: []Membership{{programme, r}}}
			for _, m := range more {
				who.Members = append(who.Members, Membership{programme, m})
			}
			cs = append(cs, column{string(r), who})
		}
		return cs
	}
	without := []column{
		{"visitor", Principal{}},
		{"no role", Principal{Account: me}},
		{"own phone", Principal{Enumerator: phone}},
		{"other phone", Principal{Enumerator: phone + 1}},
	}
	real, example, whole := Resource{Programme: here}, Resource{Programme: here, Demo: true}, Resource{}
	sent := Resource{Programme: here, Enumerator: phone}
	all := []block{
		{"a role in the programme that the thing belongs to", holding(here), real, nil},
		{"the same, where the programme is a demonstration", holding(here), example, nil},
		{"a role in another programme", holding(elsewhere), real, nil},
		{"the same, where the programme is a demonstration", holding(elsewhere), example, nil},
		{"a role for the whole system, on a thing of a programme", holding(0), real, nil},
		{"the same, where the programme is a demonstration", holding(0), example, nil},
		{"a role for the whole system, on a thing of the system", holding(0), whole, nil},
		{"a role in a programme, on a thing of the system", holding(here), whole, nil},
		{"a role beside that of administrator, in the programme", holding(here, Administrator), real, nil},
		{"a role beside that of tour, in the programme", holding(here, Tour), real, nil},
		{"no role, on a thing of a programme", without, real, nil},
		{"no role, on a submission that a phone sent", without, sent, nil},
		{"no role, on a thing of the system", without, whole, nil},
	}
	return append(all, relations(holding(here), without, real)...)
}

// relations are blocks of how somebody can stand to a matter.
func relations(holding, without []column, matter Resource) []block {
	var all []block
	for _, r := range []struct {
		title string
		set   func(*Resource)
	}{
		{"assigned: the matter's owner, or in its team", func(r *Resource) { r.Assigned = true }},
		{"agency: their agency holds the matter", func(r *Resource) { r.Agency = true }},
		{"assigned and agency", func(r *Resource) { r.Assigned, r.Agency = true, true }},
		{"shared: a grant to them or their agency is in force", func(r *Resource) { r.Shared = true }},
		{"glass: their break-glass is in force", func(r *Resource) { r.Glass = true }},
		{"glass and agency", func(r *Resource) { r.Glass, r.Agency = true, true }},
		{"restricted on the survivor's wish, and no relation", func(r *Resource) { r.Restricted = true }},
		{"restricted and assigned", func(r *Resource) { r.Restricted, r.Assigned = true, true }},
		{"restricted and agency", func(r *Resource) { r.Restricted, r.Agency = true, true }},
		{"restricted and shared", func(r *Resource) { r.Restricted, r.Shared = true, true }},
		{"restricted and glass", func(r *Resource) { r.Restricted, r.Glass = true, true }},
		{"link: the request came with an organisation's valid link", func(r *Resource) { r.Link = true }},
	} {
		on := matter
		r.set(&on)
		all = append(all,
			block{r.title + "; a role in the network", holding, on, &matter},
			block{r.title + "; no role", without, on, &matter})
	}
	return all
}

// needs are what a decision may need beside the role: a letter, and how to take
// it away.
var needs = []struct {
	letter string
	set    func(*Principal, *Resource, bool)
}{
	{"s", func(p *Principal, _ *Resource, on bool) { p.Strong = on }},
	{"f", func(p *Principal, _ *Resource, on bool) { p.Fresh = on }},
	{"o", func(_ *Principal, r *Resource, on bool) {
		r.Proposer = me
		if on {
			r.Proposer = another
		}
	}},
}

// cell asks every combination of the flags and says which must be on: "." is
// never, "yes" is always, letters are what is needed. Anything that cannot be said
// so is "?".
func cell(p *Policies, who Principal, a Action, on Resource) string {
	allowed := map[int]bool{}
	required, any := 1<<len(needs)-1, false
	for mask := range 1 << len(needs) {
		w, r := who, on
		for i, n := range needs {
			n.set(&w, &r, mask&(1<<i) != 0)
		}
		allowed[mask] = p.Allow(w, a, r)
		if allowed[mask] {
			required &= mask
			any = true
		}
	}
	if !any {
		return "."
	}
	letters := ""
	for mask, ok := range allowed {
		if ok != (mask&required == required) {
			return "?"
		}
	}
	for i, n := range needs {
		if required&(1<<i) != 0 {
			letters += n.letter
		}
	}
	if letters == "" {
		return "yes"
	}
	return letters
}

func table(p *Policies) string {
	var b strings.Builder
	b.WriteString(`Who may do what. Written by: go test ./trust/access -update
A row is an action, a column a role. Every action is asked in every part: one that
has no row is permitted to nobody there. In the parts on relations to a matter, one
without a row is as in the first part (or, without a role, the first such part).
.    never
yes  always
s    only if signed in with a passkey or a second factor
f    only within ten minutes of proving again who they are
o    only if someone else proposed it, or broke the glass
`)
	for _, bl := range blocks() {
		rows := ""
		for _, a := range Actions {
			row, as, any := "", "", false
			for _, c := range bl.columns {
				here := cell(p, c.who, a, bl.on)
				any = any || here != "."
				row += fmt.Sprintf(" %-*s", width(c.name), here)
				if bl.but != nil {
					as += fmt.Sprintf(" %-*s", width(c.name), cell(p, c.who, a, *bl.but))
				}
			}
			if bl.but == nil && any || bl.but != nil && row != as {
				rows += fmt.Sprintf("%-28s%s\n", a, row)
			}
		}
		fmt.Fprintf(&b, "\n# %s\n", bl.title)
		if rows == "" {
			b.WriteString(map[bool]string{true: "(nothing is permitted)\n", false: "(nothing differs)\n"}[bl.but == nil])
			continue
		}
		fmt.Fprintf(&b, "%-28s", "")
		for _, c := range bl.columns {
			fmt.Fprintf(&b, " %-*s", width(c.name), c.name)
		}
		b.WriteString("\n" + rows)
	}
	lines := strings.Split(b.String(), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	return strings.Join(lines, "\n")
}

func width(name string) int { return max(len(name), 4) }

// TestPromise4EveryActionRoleRelation: every action, role and relation is asked,
// and denied unless the table in the repository says otherwise.
func TestPromise4EveryActionRoleRelation(t *testing.T) {
	p := policies(t)
	got := table(p)
	if strings.Contains(got, "?") {
		t.Errorf("a decision depends on the flags in a way that the table cannot say:\n%s", got)
	}
	name := filepath.Join("testdata", "table.txt")
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	wants, gots := strings.Split(string(want), "\n"), strings.Split(got, "\n")
	for i := range max(len(wants), len(gots)) {
		var w, g string
		if i < len(wants) {
			w = wants[i]
		}
		if i < len(gots) {
			g = gots[i]
		}
		if w != g {
			t.Errorf("line %d of %s:\n want %s\n got  %s", i+1, name, w, g)
		}
	}
}

func policies(t testing.TB) *Policies {
	t.Helper()
	p, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return p
}
