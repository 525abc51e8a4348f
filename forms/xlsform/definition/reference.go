package definition

import (
	"errors"
	"strings"
)

// Reference is one ${name} in a text.
type Reference struct {
	// Start and End are the bytes of "${" and after "}".
	Start, End int
	Name       string
	// LastSaved tells that the answer of the form saved before is meant:
	// ${last-saved#name}.
	LastSaved bool
}

// ErrReference is a "${" that no name and "}" follow.
var ErrReference = errors.New("a reference must be written as ${name}")

const lastSaved = "last-saved#"

// ParseReferences finds all references in a text. An empty "${}" is plain text,
// as it is to the reference compiler. The references before a malformed one are
// returned with ErrReference.
func ParseReferences(text string) ([]Reference, error) {
	if len(text) < 3 {
		return nil, nil
	}
	at := strings.Index(text, "${")
	if at < 0 {
		return nil, nil
	}
	var found []Reference
	for at >= 0 {
		inner := text[at+2:]
		end := strings.IndexByte(inner, '}')
		if end < 0 {
			return found, ErrReference
		}
		if end > 0 {
			name, saved := strings.CutPrefix(inner[:end], lastSaved)
			if !isPlainName(name) {
				return found, ErrReference
			}
			found = append(found, Reference{at, at + 2 + end + 1, name, saved})
		}
		next := at + 2 + end + 1
		if end == 0 {
			next = at + 2
		}
		at = strings.Index(text[next:], "${")
		if at >= 0 {
			at += next
		}
	}
	return found, nil
}

// HasReference tells whether a text has at least one well-formed reference
// before any malformed one.
func HasReference(text string) bool {
	if !strings.Contains(text, "${") {
		return false
	}
	found, _ := ParseReferences(text)
	return len(found) > 0
}

// soleReference returns the reference that is all of a text.
func soleReference(text string) (Reference, bool) {
	if !strings.HasPrefix(text, "${") || strings.IndexByte(text, '}') != len(text)-1 {
		return Reference{}, false
	}
	found, err := ParseReferences(text)
	if err != nil || len(found) != 1 {
		return Reference{}, false
	}
	return found[0], true
}
