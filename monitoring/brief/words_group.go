package brief

import (
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"waymark/internal/lang"
	"waymark/monitoring"
	"waymark/monitoring/instrument"
)

// variable names a question or group for people.
func (c *composer) variable(name string) string { return c.in.Label(name, c.code) }

// level names a level of a question or group for people.
func (c *composer) level(variable, code string) string {
	if label := c.in.LevelLabel(variable, code, c.code); label != "" {
		return label
	}
	return code
}

// indicator names an indicator for people.
func (c *composer) indicator(id string) string {
	if i := c.in.Indicator(id); i != nil {
		if s := i.Label.In(c.code); s != "" {
			return s
		}
	}
	return c.variable(id)
}

// group names a group: "Everyone", or its levels one after the other.
func (c *composer) group(g monitoring.Group) string {
	if len(g) == 0 {
		return c.text(c.records("group.all"))
	}
	names := make([]string, len(g))
	for i, p := range g {
		names[i] = c.level(p.Variable, p.Level)
	}
	return c.say.Join(names...)
}

// among fills {who} with the opening of a sentence about a group: "On the
// Central Mediterranean route", "Among everyone interviewed".
func (c *composer) among(g monitoring.Group) lang.Arg {
	switch {
	case len(g) == 0:
		return lang.Text("who", c.text(c.records("among.all")))
	case len(g) == 1 && g[0].Variable == c.route:
		name := c.level(g[0].Variable, g[0].Level)
		key := "among.route"
		if strings.Contains(strings.ToLower(name), strings.ToLower(c.text("word.route"))) {
			key = "among.named_route"
		}
		return lang.Text("who", c.text(key, lang.Text("route", name)))
	}
	return lang.Text("who", c.text(c.records("among.group"), lang.Text("group", c.parts(g))))
}

// parts names a group with its variables, for where the levels alone would
// say too little: "Sex: Female". A plain yes needs only the variable.
func (c *composer) parts(g monitoring.Group) string {
	labels := make([]string, len(g))
	for i, p := range g {
		switch {
		case p.Level == "yes":
			labels[i] = c.variable(p.Variable)
		case p.Variable == c.route:
			labels[i] = c.level(p.Variable, p.Level)
		default:
			labels[i] = c.text("group.part", lang.Text("variable", c.variable(p.Variable)), lang.Text("level", c.level(p.Variable, p.Level)))
		}
	}
	return c.say.Join(labels...)
}

// whole names a group as parts does, and everyone as group does.
func (c *composer) whole(g monitoring.Group) string {
	if len(g) == 0 {
		return c.group(g)
	}
	return c.parts(g)
}

// levelOrder is the codes of a question or group in the instrument's order.
type levelOrder struct {
	codes   []string
	ordered bool // the order has a meaning
}

// levelOrder lists the codes of a question or group in the instrument's order,
// and says whether that order has a meaning. Unknown names have none.
func (c *composer) levelOrder(name string) (codes []string, ordered bool) {
	if o, ok := c.orders[name]; ok {
		return o.codes, o.ordered
	}
	codes, ordered = c.findOrder(name)
	c.orders[name] = levelOrder{codes, ordered}
	return codes, ordered
}

func (c *composer) findOrder(name string) (codes []string, ordered bool) {
	if g := c.in.Group(name); g != nil {
		ordered = g.Ordered || len(g.Bands) > 0
		for _, b := range g.Bands {
			codes = append(codes, b.Code)
		}
		for _, m := range g.Merge {
			codes = append(codes, m.Code)
		}
		if len(codes) == 0 && g.From != name {
			var own bool
			codes, own = c.levelOrder(g.From)
			return codes, ordered || own
		}
		if len(codes) > 0 {
			return codes, ordered
		}
	}
	q := c.in.Question(name)
	if q == nil {
		return nil, ordered
	}
	for _, choice := range c.in.Lists[q.List] {
		if choice.Missing == 0 {
			codes = append(codes, choice.Name)
		}
	}
	return codes, ordered || q.Ordered
}

// arrange sorts codes by the instrument's order; codes that it does not know
// keep their place after the known.
func (c *composer) arrange(name string, codes []string) {
	order, _ := c.levelOrder(name)
	rank := make(map[string]int, len(order))
	for i, code := range order {
		rank[code] = i
	}
	at := func(code string) int {
		if i, ok := rank[code]; ok {
			return i
		}
		return len(order)
	}
	sort.SliceStable(codes, func(i, j int) bool { return at(codes[i]) < at(codes[j]) })
}

// sameGroup says whether two groups have the same parts, in any order.
func sameGroup(a, b monitoring.Group) bool {
	if len(a) != len(b) {
		return false
	}
	for _, p := range a {
		if !slices.Contains(b, p) {
			return false
		}
	}
	return true
}

// levelOf returns the level of a variable in a group, or "".
func levelOf(g monitoring.Group, variable string) string {
	for _, p := range g {
		if p.Variable == variable {
			return p.Level
		}
	}
	return ""
}

// without returns the parts of a group that are not of a variable.
func without(g monitoring.Group, variable string) monitoring.Group {
	var rest monitoring.Group
	for _, p := range g {
		if p.Variable != variable {
			rest = append(rest, p)
		}
	}
	return rest
}

// composite says whether an indicator counts other indicators.
func composite(i *instrument.Indicator) bool { return i != nil && len(i.Of) > 0 }

// keySafe writes an id as receipt keys do: ASCII letters, digits, dots, hyphens
// and underscores; any other character becomes an underscore.
func keySafe(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)) || r == '.' || r == '_' || r == '-' {
			return r
		}
		return '_'
	}, s)
}

// hxlWord makes an HXL attribute of a name: small letters, digits and _.
// Source: HXL 1.1, "Attributes".
func hxlWord(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '_' {
			b.WriteRune(r)
		} else {
			b.WriteByte('_')
		}
	}
	word := b.String()
	if word == "" || word[0] < 'a' || word[0] > 'z' {
		return "x" + word
	}
	return word
}

// lowerFirst makes a label fit inside a sentence: in English and French its
// first letter becomes small, unless the word has further capitals ("ISCED").
func lowerFirst(s, code string) string {
	if code == "ar" || s == "" {
		return s
	}
	first, size := utf8.DecodeRuneInString(s)
	word, _, _ := strings.Cut(s[size:], " ")
	if strings.ContainsFunc(word, unicode.IsUpper) {
		return s
	}
	return string(unicode.ToLower(first)) + s[size:]
}

// upperFirst begins a text with a capital, where its script has them.
func upperFirst(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(first)) + s[size:]
}
