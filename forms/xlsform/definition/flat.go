package definition

// flatten carries out the setting flat, made for ODK Tables: groups have no node
// of their own, and their relevance goes to the questions inside.
func (r *reader) flatten() {
	if r.form.Settings.Flat {
		flattenUnder(r.form.Root, "")
	}
}

func flattenUnder(parent *Element, outer string) {
	for _, el := range parent.Children {
		relevant := el.Bind.Get("relevant")
		if outer != "" {
			if relevant != "" {
				relevant = outer + " and (" + relevant + ")"
			} else {
				relevant = outer
			}
		}
		if len(el.Children) > 0 {
			el.Flat = true
			flattenUnder(el, relevant)
		} else if relevant != "" {
			el.Bind.Set("relevant", relevant)
		}
	}
}
