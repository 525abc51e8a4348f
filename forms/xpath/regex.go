package xpath

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"
)

// pattern is a regular expression of regex(): the whole text must match, as with
// java.util.regex.Pattern.matches, and look-aheads at its start are tested one
// by one, because Go's regular expressions, which never take long, have none.
type pattern struct {
	whole *regexp.Regexp
	ahead []ahead
}

type ahead struct {
	re  *regexp.Regexp
	not bool
}

func (p *pattern) match(s string) bool {
	for _, a := range p.ahead {
		if a.re.MatchString(s) == a.not {
			return false
		}
	}
	return p.whole.MatchString(s)
}

const patternRemedy = "use groups, classes such as [0-9], counts such as {2,4}; look-aheads only at the start"

// compilePattern translates a regular expression of Java.
func compilePattern(src string) (*pattern, error) {
	p := &pattern{}
	rest := strings.TrimPrefix(src, "^")
	for strings.HasPrefix(rest, "(?=") || strings.HasPrefix(rest, "(?!") {
		end := closing(rest)
		if end < 0 {
			return nil, fmt.Errorf("a bracket is not closed")
		}
		re, err := translate(`^(?:` + rest[3:end] + `)`)
		if err != nil {
			return nil, err
		}
		p.ahead = append(p.ahead, ahead{re, rest[2] == '!'})
		rest = rest[end+1:]
	}
	var err error
	p.whole, err = translate(`^(?:` + rest + `)$`)
	return p, err
}

// closing returns the place of the bracket that closes the one at the start.
func closing(s string) int {
	depth, class := 0, false
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '[':
			class = true
		case ']':
			class = false
		case '(':
			if !class {
				depth++
			}
		case ')':
			if !class {
				if depth--; depth == 0 {
					return i
				}
			}
		}
	}
	return -1
}

// javaClasses are names of \p{...} that Go writes in another way.
var javaClasses = map[string]string{
	"Lower": "a-z", "Upper": "A-Z", "ASCII": `\x00-\x7F`, "Alpha": "a-zA-Z", "Digit": "0-9", "Alnum": "a-zA-Z0-9",
	"Punct": "!-/:-@\\[-`{-~", "Graph": "!-~", "Print": " -~", "Blank": ` \t`, "Cntrl": `\x00-\x1F\x7F`,
	"XDigit": "0-9a-fA-F", "Space": `\s\x0B`, "IsAlphabetic": `\p{L}\p{Nl}`, "IsLetter": `\p{L}`, "IsDigit": `\p{Nd}`,
	"IsUppercase": `\p{Lu}`, "IsLowercase": `\p{Ll}`, "IsPunctuation": `\p{P}`, "IsWhite_Space": `\s\x{85}\p{Z}`,
}

// translate rewrites the escapes of Java that Go does not have and compiles.
func translate(src string) (*regexp.Regexp, error) {
	var b strings.Builder
	class := false
	for i := 0; i < len(src); {
		c := src[i]
		switch {
		case c == '\\' && i+1 < len(src):
			out, n, err := escape(src[i:], class)
			if err != nil {
				return nil, err
			}
			b.WriteString(out)
			i += n
			continue
		case class && strings.HasPrefix(src[i:], "&&"):
			return nil, fmt.Errorf("it has a class that is the overlap of two (&&)")
		case class && c == '[':
			return nil, fmt.Errorf("it has a class within a class")
		case c == '[':
			class = true
			// A "]" that comes first is part of the class, after "^" too.
			n := 1
			if strings.HasPrefix(src[i+n:], "^") {
				n++
			}
			if strings.HasPrefix(src[i+n:], "]") {
				b.WriteString(src[i:i+n] + `\]`)
				i += n + 1
				continue
			}
			b.WriteString(src[i : i+n])
			i += n
			continue
		case c == ']':
			class = false
		case !class && (c == '+' && i > 0 && strings.IndexByte("*+?}", src[i-1]) >= 0 && !(i > 1 && src[i-2] == '\\')):
			return nil, fmt.Errorf("it has a quantifier that gives nothing back (%c+)", src[i-1])
		}
		b.WriteByte(c)
		i++
	}
	re, err := regexp.Compile(b.String())
	if err != nil {
		return nil, fmt.Errorf("it is not understood: %s", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
	}
	return re, nil
}

// escape translates one escape at the start of s and returns its length.
func escape(s string, class bool) (string, int, error) {
	set := func(inner string) string {
		if class {
			return inner
		}
		return "[" + inner + "]"
	}
	switch c := s[1]; {
	case c >= '1' && c <= '9', c == 'k':
		return "", 0, fmt.Errorf("it refers back to a group (\\%c)", c)
	case c == 'u' && len(s) >= 6:
		return `\x{` + s[2:6] + `}`, 6, nil
	case c == 'h':
		return set(` \t\x{A0}`), 2, nil
	case c == 'Z' && !class:
		return `\z`, 2, nil
	case c == 'e':
		return `\x1B`, 2, nil
	case (c == 'p' || c == 'P') && len(s) > 2 && s[2] == '{':
		end := strings.IndexByte(s, '}')
		if end < 0 {
			return "", 0, fmt.Errorf("a { is not closed")
		}
		name := s[3:end]
		if ascii, ok := javaClasses[name]; ok {
			if c == 'P' {
				if class {
					return "", 0, fmt.Errorf("it has \\P{%s} within a class", name)
				}
				return "[^" + ascii + "]", end + 1, nil
			}
			return set(ascii), end + 1, nil
		}
		name = strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(name, "Is"), "script="), "gc=")
		return `\` + string(c) + "{" + name + "}", end + 1, nil
	case c >= utf8.RuneSelf:
		_, n := utf8.DecodeRuneInString(s[1:])
		return s[1 : 1+n], 1 + n, nil
	}
	return s[:2], 2, nil
}

// patterns keeps what regex() was last asked for, where the pattern is not
// fixed. It is emptied when it is full.
var patterns struct {
	sync.Mutex
	known map[string]*pattern
}

const mostPatterns = 256

func patternOf(src string) (*pattern, error) {
	patterns.Lock()
	defer patterns.Unlock()
	if p, ok := patterns.known[src]; ok {
		return p, nil
	}
	p, err := compilePattern(src)
	if err != nil {
		return nil, err
	}
	if len(patterns.known) >= mostPatterns || patterns.known == nil {
		patterns.known = make(map[string]*pattern, mostPatterns)
	}
	patterns.known[src] = p
	return p, nil
}

func buildRegex(k *compiler, n *Call, a []code) code {
	if a[1].fixed {
		p, err := compilePattern(a[1].text(nil))
		if err != nil {
			return k.bad(n.Args[1], "has a pattern that cannot be used: "+err.Error(), patternRemedy)
		}
		return truthCode(func(c *Context) bool { return p.match(a[0].text(c)) })
	}
	return truthCode(func(c *Context) bool {
		p, err := patternOf(a[1].text(c))
		if err != nil {
			c.failf(patternRemedy, "the pattern of regex(), which is computed, cannot be used") // it may hold an answer
			return false
		}
		return p.match(a[0].text(c))
	})
}
