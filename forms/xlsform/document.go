package xlsform

import (
	"slices"
	"strings"

	"waymark/forms/xlsform/definition"
	"waymark/internal/fault"
)

// xformsVersion is the version of the ODK XForms specification that the forms
// keep to.
const xformsVersion = "1.0.0"

const entitiesURI = "http://www.opendatakit.org/xforms/entities"

// namespaces are those that every form declares. Source: ODK XForms
// specification, section Namespaces.
var namespaces = [...]struct{ prefix, uri string }{
	{"", "http://www.w3.org/2002/xforms"},
	{"h", "http://www.w3.org/1999/xhtml"},
	{"ev", "http://www.w3.org/2001/xml-events"},
	{"xsd", "http://www.w3.org/2001/XMLSchema"},
	{"jr", "http://openrosa.org/javarosa"},
	{"orx", "http://openrosa.org/xforms"},
	{"odk", "http://www.opendatakit.org/xforms"},
}

// document writes the whole XForm.
func (c *compiler) document() {
	c.put("<?xml version=\"1.0\"?>\n")
	c.open("h:html")
	c.declareNamespaces()
	c.checkNames()
	html := c.inside()
	c.open("h:head")
	head := c.inside()
	c.at(0, titleColumn)
	c.markup.element("h:title", c.form.Settings.Title)
	c.model()
	c.close("h:head", head)
	c.open("h:body")
	if c.form.Settings.Style != "" {
		c.attr("class", c.form.Settings.Style)
	}
	body := c.inside()
	c.controls(0)
	c.close("h:body", body)
	c.close("h:html", html)
}

// declareNamespaces writes the declarations: the usual ones, the form's own
// and that of entities.
func (c *compiler) declareNamespaces() {
	for _, ns := range namespaces {
		key := "xmlns"
		if ns.prefix != "" {
			key = "xmlns:" + ns.prefix
			c.prefixes = append(c.prefixes, ns.prefix)
		}
		c.safe(key, ns.uri)
	}
	own := c.form.Settings.Namespaces
	if c.form.EntityVersion != "" {
		own += " entities=" + entitiesURI
	}
	type declaration struct{ prefix, uri string }
	var declared []declaration
	for _, item := range strings.Fields(own) {
		prefix, uri, ok := strings.Cut(item, "=")
		if !ok || prefix == "" || strings.Contains(uri, "=") || c.knowsPrefix(prefix) {
			continue
		}
		uri = strings.NewReplacer(`"`, "", "'", "").Replace(uri)
		if !isName(prefix) || uri == "" || strings.HasPrefix(strings.ToLower(prefix), "xml") {
			c.faults.Addf(fault.Invalid, fault.Place{Sheet: "settings", Row: 2, Field: "namespaces"},
				`write it as prefix="https://example.org/meaning"`, "%q declares no namespace", item)
			continue
		}
		known := false
		for i := range declared {
			if declared[i].prefix == prefix {
				declared[i].uri, known = uri, true
			}
		}
		if !known {
			declared = append(declared, declaration{prefix, uri})
		}
	}
	for _, d := range declared {
		c.attr("xmlns:"+d.prefix, d.uri)
		c.prefixes = append(c.prefixes, d.prefix)
	}
	c.declarations = c.n
}

// undeclaredURI begins the address under which a prefix is declared that a
// column uses and the settings do not declare.
const undeclaredURI = "urn:xlsform:prefix:"

// declareUsed declares the prefixes that were met without a declaration.
func (c *compiler) declareUsed() {
	if len(c.undeclared) == 0 {
		return
	}
	m := markup{bad: c.bad, most: c.most}
	for _, prefix := range c.undeclared {
		m.attr("xmlns:"+prefix, undeclaredURI+prefix)
	}
	c.buf = slices.Insert(c.buf[:c.n], c.declarations, m.written()...)
	c.n = len(c.buf)
}

func (c *compiler) knowsPrefix(prefix string) bool {
	return slices.Contains(c.prefixes, prefix)
}

// model writes what the form knows: texts, answers, other instances, binds and
// actions.
func (c *compiler) model() {
	c.open("model")
	c.safe("odk:xforms-version", xformsVersion)
	if c.form.EntityVersion != "" {
		c.attr("entities:entities-version", c.form.EntityVersion)
	}
	mark := c.inside()
	c.submission()
	c.writeItext()
	c.open("instance")
	primary := c.inside()
	c.answers(0, false, c.rootAttributes())
	c.close("instance", primary)
	c.instances()
	c.binds()
	c.close("model", mark)
}

// submission writes where and how answers are sent, if the settings say so.
func (c *compiler) submission() {
	s := &c.form.Settings
	if s.SubmissionURL == "" && s.PublicKey == "" && s.AutoSend == "" && s.AutoDelete == "" && !s.ClientEditable {
		return
	}
	c.at(0, titleColumn)
	c.open("submission")
	if s.SubmissionURL != "" {
		c.attr("action", s.SubmissionURL)
		c.safe("method", "post")
	}
	for _, a := range [...]definition.Attr{{Key: "base64RsaPublicKey", Value: s.PublicKey}, {Key: "orx:auto-send", Value: s.AutoSend}, {Key: "orx:auto-delete", Value: s.AutoDelete}} {
		if a.Value != "" {
			c.attr(a.Key, a.Value)
		}
	}
	if s.ClientEditable {
		c.safe("odk:client-editable", "true")
	}
	c.empty()
}

// rootAttributes are the attributes of the root of the answers. Those that
// identify the form prevail over the form's own of the same name.
func (c *compiler) rootAttributes() definition.Attrs {
	s := &c.form.Settings
	attrs := append(definition.Attrs{}, c.form.Root.Instance...)
	for _, a := range s.Attributes {
		attrs.Set(a.Key, a.Value)
	}
	attrs.Set("id", s.ID)
	for _, a := range [...]definition.Attr{{Key: "xmlns", Value: s.InstanceXMLNS}, {Key: "version", Value: s.Version}, {Key: "odk:prefix", Value: s.Prefix}, {Key: "odk:delimiter", Value: s.Delimiter}} {
		if a.Value != "" {
			attrs.Set(a.Key, a.Value)
		}
	}
	return attrs
}
