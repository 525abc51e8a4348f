package draft

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"waymark/forms/lint"
	"waymark/forms/xform"
	"waymark/forms/xlsform"
	"waymark/forms/xlsform/definition"
	"waymark/forms/xlsform/workbook"
	"waymark/internal/fault"
	"waymark/monitoring/collection"
)

// maker is one upload being read.
type maker struct {
	*Draft
	opt    Options
	name   string
	source []byte
	made   map[string][]byte // files that the form itself brings
}

// xlsform compiles a workbook.
func (m *maker) xlsform() error {
	book, err := workbook.Read(m.source)
	if book == nil {
		return m.refuse(err)
	}
	if book.Stem == "" {
		book.Stem = strings.TrimSuffix(m.name, path.Ext(m.name))
	}
	unread := faultsOf(err)
	form, err := definition.Read(book, definition.Options{Name: "data"})
	if form == nil || form.Root == nil {
		m.Findings = lint.Merge(lint.Compiled(unread, lint.Error), lint.Compiled(faultsOf(err), lint.Error))
		return together(unread, err)
	}
	settings := &form.Settings
	m.Dated = settings.Version == ""
	found := lint.Check(book, form) // before a version is given
	if m.Dated {
		settings.Version = m.dated()
	}
	if m.opt.PublicKey != "" {
		settings.PublicKey = m.opt.PublicKey
	}
	var document []byte
	switch {
	case err != nil: // the compiler adds what shows only when the form is written
		_, err = xlsform.Compile(book, xlsform.Options{Name: "data"})
	case len(unread) == 0:
		document, err = xlsform.Write(form)
	}
	broken := together(unread, err)
	m.Findings = lint.Merge(
		lint.Compiled(faultsOf(broken), lint.Error),
		lint.Compiled(form.Warnings, lint.Warning),
		m.withoutVersion(found),
	)
	if broken != nil {
		return broken
	}
	if len(form.ExternalRows) > 0 {
		if whole, err := xlsform.Compile(book, xlsform.Options{Name: "data"}); err == nil && whole.Itemsets != nil {
			m.made = map[string][]byte{"itemsets.csv": whole.Itemsets}
		}
	}
	return m.settle(document, true)
}

// withoutVersion leaves out that the form names no version, once it was given one.
func (m *maker) withoutVersion(found []lint.Finding) []lint.Finding {
	return slices.DeleteFunc(found, func(f lint.Finding) bool { return m.Dated && f.Rule == "settings-version" })
}

// xform takes an XForm as it is, but for what the server sets in it.
func (m *maker) xform() error {
	form, err := xform.Parse(m.source)
	if err != nil {
		return m.refuse(err)
	}
	m.Findings = lint.Compiled(form.Warnings, lint.Warning)
	document := m.source
	m.Dated = form.Version == ""
	amendment := xform.Amendment{PublicKey: m.opt.PublicKey}
	if m.Dated {
		amendment.Version = m.dated()
	}
	if amendment != (xform.Amendment{}) {
		if document, err = xform.Amend(m.source, amendment); err != nil {
			return m.refuse(err)
		}
	}
	return m.settle(document, false)
}

// settle reads the finished XForm back and checks what a server asks of it.
func (m *maker) settle(document []byte, compiled bool) error {
	form, err := xform.Parse(document)
	if err != nil {
		if compiled && lint.Worst(m.Findings) == lint.Error {
			return errorsOf(m.Findings)
		}
		m.Findings = lint.Merge(m.Findings, lint.Refused(faultsOf(err)))
		return err
	}
	m.Form, m.FormID, m.Title = form, form.ID, strings.TrimSpace(form.Title)
	if m.Title == "" {
		m.Title = m.FormID
	}
	at := func(field string) fault.Place {
		if compiled {
			return fault.Place{Sheet: "settings", Field: field}
		}
		return fault.Place{Field: field}
	}
	faults := fault.NewList(maxFaults)
	m.names(faults, at)
	m.submission(faults, at)
	if len(document) > MaxXForm {
		faults.Addf(fault.Invalid, fault.Place{}, "move long lists of choices into CSV files", "the XForm has more than %d MiB", MaxXForm>>20)
	}
	m.Needs = needs(form, m.made)
	for i := range m.Needs {
		if err := m.Needs[i].nameFault(); err != nil {
			faults.Add(err)
		}
	}
	m.Findings = lint.Merge(m.Findings, lint.Compiled(faults.Faults, lint.Error))
	if err := faults.Err(); err != nil {
		return err
	}
	v := &collection.Version{Version: form.Version, XForm: document, Hash: hash(document)}
	if compiled {
		v.Source, v.SourceName = m.source, m.name
	}
	for _, n := range m.Needs {
		v.Files = append(v.Files, collection.FormFile{Name: n.Name})
	}
	m.Version = v
	return nil
}

// plainID is what a form's id may be made of: it stands in addresses and file
// names.
var plainID = regexp.MustCompile(`^[\pL\pN_][\pL\pN_.:-]*$`)

func (m *maker) names(faults *fault.List, at func(string) fault.Place) {
	switch {
	case m.FormID == "":
		faults.Addf(fault.Invalid, at("form_id"), "name it in the settings", "the form has no id")
	case utf8.RuneCountInString(m.FormID) > MaxFormID:
		faults.Addf(fault.Invalid, at("form_id"), "shorten it", "the form's id has more than %d characters", MaxFormID)
	case !plainID.MatchString(m.FormID):
		faults.Addf(fault.Invalid, at("form_id"), "use letters, digits, hyphens, dots, colons and underscores", "the form's id %q has other characters", m.FormID)
	case m.opt.FormID != "" && m.FormID != m.opt.FormID:
		faults.Addf(fault.Conflict, at("form_id"), fmt.Sprintf("write %s as form_id, or make a new form of it", m.opt.FormID), "the form's id is %q; this form's is %q", m.FormID, m.opt.FormID)
	}
	if utf8.RuneCountInString(m.Form.Version) > MaxVersion {
		faults.Addf(fault.Invalid, at("version"), "shorten it", "the version has more than %d characters", MaxVersion)
	}
	if utf8.RuneCountInString(m.Title) > MaxTitle {
		faults.Addf(fault.Invalid, at("form_title"), "shorten it", "the title has more than %d characters", MaxTitle)
	}
}

// submission looks at where a phone would send answers, and to whose key.
func (m *maker) submission(faults *fault.List, at func(string) fault.Place) {
	if action := m.Form.Submission["action"]; action != "" {
		faults.Addf(fault.Invalid, at("submission_url"), "leave submission_url empty: phones send to the server that they have the form from",
			"the form names another address that answers are sent to")
	}
	key := m.Form.Submission["base64RsaPublicKey"]
	if key == "" {
		return
	}
	if err := checkKey(key); err != nil {
		faults.Add(fault.Wrap(fault.Invalid, at("public_key"), "the public key is no RSA key that phones can encrypt to",
			"it is base64 of an X.509 public key, without the lines around it", err))
		return
	}
	if m.opt.PublicKey == "" {
		m.Findings = append(m.Findings, lint.Finding{Rule: "draft-own-key", Severity: lint.Warning, Place: at("public_key"),
			Message: "submissions will be encrypted to the form's own key: they can be kept here, but not be read, checked or exported",
			Remedy:  "leave public_key empty, and let this server manage the key"})
	}
}

// checkKey says whether phones can encrypt to a key. Source: ODK XForms
// specification, "Submission"; ODK encryption asks for RSA, and 2048 bits are
// the least that is safe (NIST SP 800-57 part 1).
func checkKey(key string) error {
	der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(key), ""))
	if err != nil {
		return err
	}
	public, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return err
	}
	k, ok := public.(*rsa.PublicKey)
	if !ok {
		return errors.New("not RSA")
	}
	if k.N.BitLen() < 2048 {
		return errors.New("fewer than 2048 bits")
	}
	return nil
}

// dated makes a version from the date, as the XLSForm reference advises: the
// day and a number, 2016100601.
func (m *maker) dated() string {
	day := m.opt.Now.UTC().Format("20060102")
	for n := 1; ; n++ {
		if v := fmt.Sprintf("%s%02d", day, n); !slices.Contains(m.opt.Taken, v) {
			return v
		}
	}
}

// together joins faults of the sheets with a later error.
func together(first []*fault.Fault, err error) error {
	if len(first) == 0 {
		return err
	}
	list := fault.NewList(maxFaults)
	list.Add(first...)
	list.Add(faultsOf(err)...)
	return list.Err()
}

// errorsOf are the findings with which a form does not work, as an error.
func errorsOf(found []lint.Finding) error {
	list := fault.NewList(maxFaults)
	for _, f := range found {
		if f.Severity == lint.Error {
			list.Add(fault.New(fault.Invalid, f.Place, f.Message, f.Remedy))
		}
	}
	return list.Err()
}
