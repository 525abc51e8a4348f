package definition

import "waymark/internal/fault"

// addMeta adds instanceID and instanceName to what goes to the group meta.
func (r *reader) addMeta() {
	s := &r.form.Settings
	if s.OmitInstanceID {
		if s.PublicKey != "" {
			r.fault(r.settingPlace("omit_instanceID"), "take omit_instanceID or public_key out", "a form with a public key needs the instanceID, which omit_instanceID leaves out")
		}
	} else {
		preload := s.InstanceID
		if preload == "" {
			preload = "uid"
		}
		id := &Element{Name: "instanceID", Implied: true, Bind: Attrs{{"readonly", "true()"}, {"jr:preload", preload}}}
		applyType(id, questionTypes["calculate"])
		r.meta = append(r.meta, id)
		r.named["instanceID"]++
	}
	if s.InstanceName != "" {
		name := &Element{Name: "instanceName", Implied: true, Place: r.settingPlace("instance_name"), Bind: Attrs{{"calculate", truth(s.InstanceName)}}}
		applyType(name, questionTypes["calculate"])
		r.meta = append(r.meta, name)
	}
}

func (r *reader) settingPlace(name string) fault.Place {
	at, _ := r.setting(name)
	if at.Sheet == "" {
		at.Sheet = "settings"
	}
	return at
}

// placeMeta puts the group meta at the end of the form, or what belongs there
// into the one that entities have made.
func (r *reader) placeMeta() {
	if len(r.meta) == 0 {
		return
	}
	for _, child := range r.form.Root.Children {
		if child.Name == "meta" && child.Kind == Group {
			for _, m := range r.meta {
				attach(child, m)
			}
			return
		}
	}
	group := newMeta()
	for _, m := range r.meta {
		attach(group, m)
	}
	attach(r.form.Root, group)
}

// newMeta is an empty group meta: nodes and binds, no control.
func newMeta() *Element {
	return &Element{Kind: Group, Type: "group", Name: "meta", Bodyless: true, Implied: true}
}
