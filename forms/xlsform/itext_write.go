package xlsform

// writeItext writes the itext if any text needs it.
func (c *compiler) writeItext() {
	t := &c.texts
	if len(t.languages) == 0 {
		return
	}
	for i := range c.nodes {
		for k := range c.nodes[i].el.Media {
			c.checkMedium(c.nodes[i].el, c.nodes[i].el.Media[k].Kind)
		}
	}
	c.open("itext")
	whole := c.inside()
	order := c.newTextOrder()
	for l := range int32(len(t.languages)) {
		c.open("translation")
		c.attr("lang", t.languages[l])
		if t.languages[l] == c.form.DefaultLanguage {
			c.safe("default", "true()")
		}
		mark := c.inside()
		if order == nil {
			for i := range t.sayings {
				c.writeSaying(&t.sayings[i], l)
			}
		} else {
			for _, i := range order.of(l) {
				c.writeSaying(&t.sayings[i], l)
			}
		}
		c.close("translation", mark)
	}
	c.close("itext", whole)
}

func (c *compiler) writeSaying(s *saying, language int32) {
	c.open("text")
	c.key("id")
	if s.node == none {
		c.atChoice(s.list, int(s.choice))
		c.escape(c.form.Lists[s.list].Name, true)
		c.putByte('-')
		c.putInt(int(s.choice))
	} else {
		c.at(s.node, s.column)
		c.textID(s.node, columnNames[s.column])
	}
	c.putByte('"')
	mark := c.inside()
	for k := 0; ; k++ {
		f, ok := c.formOf(s, k)
		if !ok {
			break
		}
		if text, ok := c.texts.in(f.text, language); ok {
			c.writeForm(s, f.kind, text)
		}
	}
	for k := 0; s.partial; k++ {
		f, ok := c.formOf(s, k)
		if !ok {
			break
		}
		if _, ok := c.texts.in(f.text, language); !ok && !f.text.Empty() && isWords(f.kind) {
			c.writeForm(s, f.kind, "-")
		}
	}
	c.close("text", mark)
}

// writeForm writes one form of a saying. A file whose name is a dash is left
// out, as is one that a language lacks; words that it lacks are a dash.
func (c *compiler) writeForm(s *saying, kind, text string) {
	prefix := ""
	switch kind {
	case long, guidance:
	case "image", "big-image":
		prefix = "jr://images/"
	default:
		prefix = "jr://" + kind + "/"
	}
	if prefix != "" && text == "-" {
		return
	}
	c.open("value")
	if kind != long {
		c.attr("form", kind)
	}
	at := s.node
	if prefix != "" {
		at = none // names of files take absolute paths
	}
	c.wording("value", prefix, text, at)
}
