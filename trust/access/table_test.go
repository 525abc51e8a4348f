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
	return []block{
		{"a role in the programme that the thing belongs to", holding(here), real},
		{"the same, where the programme is a demonstration", holding(here), example},
		{"a role in another programme", holding(elsewhere), real},
		{"the same, where the programme is a demonstration", holding(elsewhere), example},
		{"a role for the whole system, on a thing of a programme", holding(0), real},
		{"the same, where the programme is a demonstration", holding(0), example},
		{"a role for the whole system, on a thing of the system", holding(0), whole},
		{"a role in a programme, on a thing of the system", holding(here), whole},
		{"a role beside that of administrator, in the programme", holding(here, Administrator), real},
		{"a role beside that of tour, in the programme", holding(here, Tour), real},
		{"no role, on a thing of a programme", without, real},
		{"no role, on a submission that a phone sent", without, sent},
		{"no role, on a thing of the system", without, whole},
	}
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
A row is an action, a column a role.
.    never
yes  always
s    only if signed in with a passkey or a second factor
f    only within ten minutes of proving again who they are
o    only if someone else proposed it
`)
	for _, bl := range blocks() {
		fmt.Fprintf(&b, "\n# %s\n%-28s", bl.title, "")
		for _, c := range bl.columns {
			fmt.Fprintf(&b, " %-13s", c.name)
		}
		b.WriteString("\n")
		for _, a := range Actions {
			fmt.Fprintf(&b, "%-28s", a)
			for _, c := range bl.columns {
				fmt.Fprintf(&b, " %-13s", cell(p, c.who, a, bl.on))
			}
			b.WriteString("\n")
		}
	}
	lines := strings.Split(b.String(), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	return strings.Join(lines, "\n")
}

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
