package definition

import (
	"strings"

	"waymark/internal/fault"
)

// setting is one cell of the settings sheet.
type setting struct {
	path  []string
	value string
	at    fault.Place
}

// readSettings reads the first row of the settings sheet; there is no other.
func (r *reader) readSettings() {
	r.clean = true
	sheet := r.book.Sheet("settings")
	if sheet == nil || len(sheet.Rows) == 0 {
		r.warnOfSheetLike("settings")
		r.applySettings()
		return
	}
	twoIDs := 0
	for _, h := range sheet.Header {
		if h == "id_string" || h == "form_id" {
			twoIDs++
		}
	}
	if twoIDs == 2 {
		r.warn(fault.Place{Sheet: "settings", Row: 1, Field: "id_string"}, "keep form_id alone",
			"the columns form_id and id_string are two names of the same thing; form_id is used")
	}
	if twoIDs == 2 {
		// Only one of the two may reach the check for double columns.
		trimmed := *sheet
		trimmed.Header = append([]string(nil), sheet.Header...)
		for i, h := range trimmed.Header {
			if h == "id_string" {
				trimmed.Header[i] = ""
			}
		}
		sheet = &trimmed
	}
	c := r.columns(sheet, &settingWords)
	row := sheet.Rows[0]
	for _, cell := range row.Cells {
		if cell.Column >= len(c.by) || len(c.by[cell.Column].path) == 0 {
			continue
		}
		r.settings = append(r.settings, setting{c.by[cell.Column].path, plainText(cell.Text, false), c.place(row.Number, cell.Column)})
	}
	r.hintAtColumns(c, &settingWords)
	if at, name := r.setting("name"); name != "" {
		if isName(name) {
			r.name = name
		} else {
			r.fault(at, remedyForBadName(name), "the form's name %q cannot name a node", name)
		}
	}
	if at, kind := r.setting("type"); kind != "" && kind != "survey" {
		r.fault(at, "take the column out", "the settings sheet has no types; %q cannot be the type of a form", kind)
	}
	r.applySettings()
}

// setting returns the last value of a setting, and its place.
func (r *reader) setting(name string) (fault.Place, string) {
	for i := len(r.settings) - 1; i >= 0; i-- {
		s := r.settings[i]
		if len(s.path) == 1 && s.path[0] == name {
			return s.at, s.value
		}
	}
	return fault.Place{}, ""
}

// yes reads a setting that is yes or no; anything else is what otherwise says.
func (r *reader) yes(name string, otherwise bool) bool {
	_, value := r.setting(name)
	if yes, ok := isYes(value); ok {
		return yes
	}
	return otherwise
}

// applySettings fills Form.Settings, with the defaults of id and title.
func (r *reader) applySettings() {
	s := &r.form.Settings
	text := func(to *string, name string) {
		if _, v := r.setting(name); v != "" {
			*to = v
		}
	}
	text(&s.Title, "title")
	text(&s.ID, "id_string")
	text(&s.Version, "version")
	text(&s.Style, "style")
	text(&s.InstanceName, "instance_name")
	text(&s.InstanceXMLNS, "instance_xmlns")
	text(&s.InstanceID, "instance_id")
	text(&s.PublicKey, "public_key")
	text(&s.SubmissionURL, "submission_url")
	text(&s.AutoSend, "auto_send")
	text(&s.AutoDelete, "auto_delete")
	text(&s.Namespaces, "namespaces")
	text(&s.Prefix, "prefix")
	text(&s.Delimiter, "delimiter")
	text(&r.form.DefaultLanguage, "default_language")
	s.ClientEditable = r.yes("client_editable", false)
	s.OmitInstanceID = r.yes("omit_instanceID", false)
	s.AllowChoiceDuplicates = r.yes("allow_choice_duplicates", false)
	s.AddNoneOption = r.yes("add_none_option", false)
	_, flat := r.setting("flat")
	s.Flat = flat != "" // any text, even "no", is a yes: as the reference compiler has it
	r.clean = r.yes("clean_text_values", true)
	for _, st := range r.settings {
		switch {
		case len(st.path) > 1 && (st.path[0] == "attribute" || st.path[0] == "instance"):
			s.Attributes = append(s.Attributes, Attr{strings.Join(st.path[1:], ":"), st.value})
		case len(st.path) == 1 && strings.HasPrefix(st.path[0], "sms_"):
			s.SMS = append(s.SMS, Attr{st.path[0], st.value})
		}
	}
	if s.ID == "" {
		if s.ID = r.book.Stem; s.ID == "" {
			s.ID = "data"
		}
	}
	if s.Title == "" {
		s.Title = s.ID
	}
}
