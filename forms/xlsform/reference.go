package xlsform

import (
	"strings"
	"unicode/utf8"
)

// scope is where an expression stands, which decides how its ${references}
// become paths.
type scope struct {
	at int32 // the node that the expression belongs to; none makes paths absolute
	// current writes relative paths from current()/, as predicates on other
	// instances need.
	current bool
	// parent writes paths from above the shared repeat, so that a predicate can
	// stand on the repeat itself: for a list made of earlier answers.
	parent bool
}

// reference is one ${name} or ${last-saved#name} in a text.
type reference struct {
	name       string
	lastSaved  bool
	start, end int
}

// nextReference finds the first well-formed reference at or after from.
func nextReference(text string, from int) (reference, bool) {
	for {
		i := strings.Index(text[from:], "${")
		if i < 0 {
			return reference{}, false
		}
		start := from + i
		from = start + 2
		length := strings.IndexByte(text[from:], '}')
		if length < 0 {
			return reference{}, false
		}
		name := text[from : from+length]
		bare, lastSaved := strings.CutPrefix(name, "last-saved#")
		if isName(bare) {
			return reference{name: bare, lastSaved: lastSaved, start: start, end: from + length + 1}, true
		}
	}
}

// isName tells whether a text is a name of XML without a colon.
func isName(s string) bool {
	for i := 0; i < len(s); i++ {
		b := s[i]
		switch {
		case b >= utf8.RuneSelf, b == '_', b|0x20 >= 'a' && b|0x20 <= 'z':
		case i > 0 && (b == '-' || b == '.' || b >= '0' && b <= '9'):
		default:
			return false
		}
	}
	return s != ""
}

// expression appends an expression as the value of an attribute, with its
// references turned into paths.
func (c *compiler) expression(text string, s scope) {
	ref, ok := nextReference(text, 0)
	if !ok {
		c.escape(text, true)
		return
	}
	from := 0
	for ; ok; ref, ok = nextReference(text, from) {
		c.escape(text[from:ref.start], true)
		c.path(text, ref, s)
		from = ref.end
	}
	c.escape(text[from:], true)
}

// computed writes an attribute whose value is an expression.
func (c *compiler) computed(key, value string, s scope) {
	c.key(key)
	c.expression(value, s)
	c.putByte('"')
}

// expanded returns an expression with its references turned into paths.
func (c *compiler) expanded(text string, s scope) string {
	ref, ok := nextReference(text, 0)
	if !ok {
		return text
	}
	// The buffer's end serves as scratch space.
	begin, from := c.n, 0
	for ; ok; ref, ok = nextReference(text, from) {
		c.put(text[from:ref.start])
		c.path(text, ref, s)
		from = ref.end
	}
	c.put(text[from:])
	out := string(c.buf[begin:c.n])
	c.n = begin
	return out
}

// path appends the path of one reference, with a space on each side so that
// it never runs into its neighbours.
func (c *compiler) path(text string, ref reference, s scope) {
	if c.n > c.most {
		panic(overflow{})
	}
	target, known := c.byName[ref.name]
	if !known || target == ambiguous {
		c.unresolved(ref.name, known)
		return
	}
	if !ref.lastSaved && s.at != none && c.nodes[s.at].repeat != none && c.nodes[target].repeat != none &&
		relativeInIndexed(text, ref) && c.relative(text, ref, target, s) {
		return
	}
	c.putByte(' ')
	if ref.lastSaved {
		c.put("instance('" + lastSavedInstance + "')")
	}
	c.put(c.nodes[target].path)
	c.putByte(' ')
}

// relative appends a path from the scope's node to a target in the same
// repeat; it does nothing if they share none.
func (c *compiler) relative(text string, ref reference, target int32, s scope) bool {
	repeat, up := c.shared(s.at, target, false)
	if repeat == none {
		return false
	}
	base, steps := c.shared(s.at, target, true)
	if s.parent && repeat == c.nodes[target].repeat && (c.nodes[repeat].repeat == none || c.nodes[s.at].repeat != repeat) {
		base, steps = c.nodes[repeat].parent, up+1
	}
	down := c.nodes[target].path[len(c.nodes[base].path):]
	if !strings.HasSuffix(down, ref.name) {
		down = "/" + ref.name
	}
	c.putByte(' ')
	if s.current || inPredicateOfInstance(text, ref) {
		c.put("current()/")
	}
	c.put("..")
	for range steps - 1 {
		c.put("/..")
	}
	c.put(down)
	c.putByte(' ')
	return true
}

// inPredicateOfInstance tells whether a reference stands in brackets of an
// expression that looks into another instance: there a relative path would
// start from the other instance's item.
func inPredicateOfInstance(text string, ref reference) bool {
	if i := strings.Index(text, "instance("); i < 0 || len(text) < i+len("instance(")+2 {
		return false
	}
	for from := 0; ; {
		open := strings.IndexByte(text[from:], '[')
		if open < 0 {
			return false
		}
		open += from
		if open+1 < len(text) && text[open+1] == ']' {
			from = open + 1
			continue
		}
		shut := strings.IndexByte(text[open:], ']')
		if shut < 0 {
			return false
		}
		shut += open + 1
		if ref.start >= open && ref.end <= shut {
			return true
		}
		from = shut
	}
}
