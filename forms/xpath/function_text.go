package xpath

import (
	"strings"
	"unicode/utf16"
)

// own is code for the context node itself, where an argument may be left out.
func own(a []code) code {
	if len(a) > 0 {
		return a[0]
	}
	return valueCode(func(c *Context) Value {
		if c.Node == nil {
			return Value{}
		}
		return c.typed(c.Node)
	})
}

func buildString(_ *compiler, _ *Call, a []code) code { return textCode(own(a).text) }

// eachValue calls f for every value of x: for each node, or once.
func eachValue(c *Context, x code, f func(Value)) {
	if x.path != nil {
		x.path.each(c, func(n *Node) { f(c.typed(n)) })
		return
	}
	v := x.value(c)
	if v.kind != NodesValue {
		f(v)
		return
	}
	for _, n := range v.nodes {
		f(c.typed(n))
	}
}

// joined puts the values of all arguments together. A single argument gives all
// its nodes; among several, one without nodes counts as one empty text.
func joined(c *Context, separator string, a []code) string {
	var b strings.Builder
	first := true
	add := func(v Value) {
		if !first {
			b.WriteString(separator)
		}
		first = false
		b.WriteString(v.String())
	}
	for _, x := range a {
		some := false
		eachValue(c, x, func(v Value) {
			some = true
			add(v)
		})
		if !some && len(a) > 1 {
			add(Value{})
		}
	}
	return b.String()
}

func buildConcat(_ *compiler, _ *Call, a []code) code {
	return textCode(func(c *Context) string { return joined(c, "", a) })
}

func buildJoin(_ *compiler, _ *Call, a []code) code {
	return textCode(func(c *Context) string { return joined(c, a[0].text(c), a[1:]) })
}

// units are the UTF-16 units of a text: what Java and JavaScript count and cut
// by. Text in ASCII, the common case, needs no copy.
func units(s string) ([]uint16, bool) {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return utf16.Encode([]rune(s)), true
		}
	}
	return nil, false
}

func textLength(s string) int {
	if u, wide := units(s); wide {
		return len(u)
	}
	return len(s)
}

// slice cuts from start up to, not including, end.
func slice(s string, start, end int) string {
	if u, wide := units(s); wide {
		return string(utf16.Decode(u[start:end]))
	}
	return s[start:end]
}

// buildSubstr compiles substr(text, start, end?), which counts from 0, and from
// the end where a bound is negative.
func buildSubstr(_ *compiler, _ *Call, a []code) code {
	return textCode(func(c *Context) string {
		s := a[0].text(c)
		n := textLength(s)
		start, end := whole(a[1].number(c)), n
		if len(a) == 3 {
			end = whole(a[2].number(c))
		}
		if start < 0 {
			start += n
		}
		if end < 0 {
			end += n
		}
		start, end = min(max(start, 0), n), min(max(end, 0), n)
		if start > end {
			return ""
		}
		return slice(s, start, end)
	})
}

// buildSubstring compiles substring(text, start, length?) of XPath 1.0, which
// counts from 1 and rounds.
func buildSubstring(_ *compiler, _ *Call, a []code) code {
	return textCode(func(c *Context) string {
		s := a[0].text(c)
		n := textLength(s)
		from := round(a[1].number(c), 0)
		to := float64(n + 1)
		if len(a) == 3 {
			to = from + round(a[2].number(c), 0)
		}
		// The comparisons are false for NaN, which then gives nothing.
		if !(from < float64(n+1)) || !(to > 1) || !(to > from) {
			return ""
		}
		return slice(s, int(max(from, 1))-1, int(min(to, float64(n+1)))-1)
	})
}

func before(s, sub string) string {
	if i := strings.Index(s, sub); i >= 0 {
		return s[:i]
	}
	return ""
}

func after(s, sub string) string {
	if i := strings.Index(s, sub); i >= 0 {
		return s[i+len(sub):]
	}
	return ""
}

// buildTranslate compiles translate(text, from, to): every character of from
// becomes that at the same place of to, or goes if there is none.
func buildTranslate(_ *compiler, _ *Call, a []code) code {
	return textCode(func(c *Context) string {
		from, to := []rune(a[1].text(c)), []rune(a[2].text(c))
		table := make(map[rune]rune, len(from))
		for i, r := range from {
			if _, twice := table[r]; twice {
				continue
			}
			table[r] = -1
			if i < len(to) {
				table[r] = to[i]
			}
		}
		return strings.Map(func(r rune) rune {
			if t, ok := table[r]; ok {
				return t
			}
			return r
		}, a[0].text(c))
	})
}

func buildLength(_ *compiler, _ *Call, a []code) code {
	x := own(a)
	return numberCode(func(c *Context) float64 { return float64(textLength(x.text(c))) })
}

func buildNormalize(_ *compiler, _ *Call, a []code) code {
	x := own(a)
	return textCode(func(c *Context) string {
		return strings.Join(strings.FieldsFunc(x.text(c), func(r rune) bool {
			return r == ' ' || r >= '\t' && r <= '\r'
		}), " ")
	})
}
