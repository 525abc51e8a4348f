package xform

import (
	"bytes"
	"slices"
	"strings"

	"waymark/internal/fault"
)

// Amendment is what a server sets in an XForm that it did not compile itself.
type Amendment struct {
	// Version of the form. Default: as it is.
	Version string
	// PublicKey is the base64RsaPublicKey of the submission: base64 of an X.509
	// SubjectPublicKeyInfo. Default: as it is.
	PublicKey string
}

// Amend sets attributes of an XForm and leaves every other character as it is,
// but for the encoding, which becomes UTF-8, and line ends, which become LF. It
// finds the places by reading the document, so that a like text elsewhere in it
// is never touched. The form must be one that Parse takes.
//
// Source: ODK XForms specification, "Primary Instance" and "Submission".
func Amend(data []byte, a Amendment) ([]byte, error) {
	scan, err := newScanner(data)
	if err != nil {
		return nil, err
	}
	m := &amender{builder: &builder{scanner: scan}, Amendment: a}
	if err := m.read(); err != nil {
		return nil, err
	}
	if !m.versioned || !m.modelled {
		return nil, fault.New(fault.Invalid, fault.Place{}, "the form has no model with an instance", "upload an XForm")
	}
	out := m.out.Bytes()
	if head := scan.src[:strings.IndexByte(scan.src, '>')+1]; strings.HasPrefix(head, "<?xml") {
		// The declaration may name the encoding that the file was in.
		out = append([]byte(`<?xml version="1.0" encoding="UTF-8"?>`), out[len(head):]...)
	}
	return out, nil
}

// amender copies a document and changes tags on the way.
type amender struct {
	*builder
	Amendment
	out       bytes.Buffer
	done      int // bytes of src that were copied
	path      []string
	versioned bool // the root of the answers was seen
	modelled  bool
	submitted bool
	keyAt     int // in out, behind the model's open tag
	prefix    string
}

func (m *amender) read() error {
	for {
		tok, err := m.next()
		if err != nil {
			return err
		}
		switch tok {
		case tokenEnd:
			m.copyTo(len(m.src))
			if m.PublicKey != "" && !m.submitted && m.modelled {
				m.addSubmission()
			}
			return nil
		case tokenOpen:
			m.enter()
			m.opened()
		case tokenClose:
			m.leave()
			m.path = m.path[:len(m.path)-1]
		}
	}
}

// opened looks at the open tag that was just read.
func (m *amender) opened() {
	local, _ := m.split(m.name, false)
	m.path = append(m.path, local)
	at := strings.Join(m.path[:min(len(m.path), 6)], "/")
	switch {
	case at == "html/head/model" && !m.modelled:
		m.copyTo(m.pos)
		m.modelled = true
		m.keyAt = m.out.Len()
		m.prefix, _, _ = strings.Cut(m.name, ":")
		if m.prefix == m.name {
			m.prefix = ""
		}
	case at == "html/head/model/instance":
		// Only the first without a source holds the answers.
		if m.versioned || slices.ContainsFunc(m.attrs, func(a attribute) bool { return a.name == "src" }) {
			m.path[len(m.path)-1] = "secondary"
		}
	case strings.HasPrefix(at, "html/head/model/instance/") && len(m.path) == 5 && !m.versioned:
		m.versioned = true
		if m.Version != "" {
			m.rewrite("version", m.Version, func(name string) bool {
				local, space := m.split(name, true)
				return name == "version" || space == nsOpenRosa && strings.HasSuffix(local, "version")
			})
		}
	case at == "html/head/model/submission" && m.PublicKey != "" && !m.submitted:
		m.submitted = true
		m.rewrite("base64RsaPublicKey", m.PublicKey, func(name string) bool { return name == "base64RsaPublicKey" })
	}
}

func (m *amender) copyTo(pos int) {
	m.out.WriteString(m.src[m.done:pos])
	m.done = pos
}

// rewrite writes the open tag anew with an attribute set.
func (m *amender) rewrite(name, value string, is func(string) bool) {
	// No attribute holds a "<", so the last one begins the tag.
	m.copyTo(strings.LastIndexByte(m.src[:m.pos], '<'))
	m.out.WriteString("<" + m.name)
	put := func(name, value string) {
		m.out.WriteString(" " + name + `="`)
		escape(&m.out, value, true)
		m.out.WriteByte('"')
	}
	found := false
	for _, a := range m.attrs {
		if is(a.name) {
			if !found {
				put(a.name, value)
			}
			found = true
			continue
		}
		put(a.name, a.value)
	}
	if !found {
		put(name, value)
	}
	if m.empty {
		m.out.WriteByte('/')
	}
	m.out.WriteByte('>')
	m.done = m.pos
}

// addSubmission writes the element as the first of the model.
func (m *amender) addSubmission() {
	var b bytes.Buffer
	b.WriteByte('<')
	if m.prefix != "" {
		b.WriteString(m.prefix + ":")
	}
	b.WriteString(`submission base64RsaPublicKey="`)
	escape(&b, m.PublicKey, true)
	b.WriteString(`"/>`)
	all := slices.Insert(m.out.Bytes(), m.keyAt, b.Bytes()...)
	m.out.Reset()
	m.out.Write(slices.Clone(all))
}
