package instrument

// definitionTexts lists the texts of instrument.yaml, which briefs print. They
// are in the languages of the title, which may be fewer than the form's.
func (in *Instrument) definitionTexts(first string) []Translation {
	var list []Translation
	add := func(name, column string, text Text) {
		for _, language := range in.Languages {
			if in.Title[language] == "" {
				continue
			}
			t := Translation{Sheet: "instrument", Name: name, Column: column, Language: language, Text: text[language], Status: TextNeedsReview}
			switch {
			case t.Text == "":
				t.Status = TextMissing
			case language == first:
				t.Status = TextSource
			}
			list = append(list, t)
		}
	}
	add(in.ID, "title", in.Title)
	for _, g := range in.Groups {
		add("group/"+g.ID, "label", g.Label)
		for _, b := range g.Bands {
			add("group/"+g.ID+"/"+b.Code, "label", b.Label)
		}
		for _, m := range g.Merge {
			add("group/"+g.ID+"/"+m.Code, "label", m.Label)
		}
	}
	for _, i := range in.Indicators {
		add("indicator/"+i.ID, "label", i.Label)
		add("indicator/"+i.ID, "sentence", i.Sentence)
	}
	for _, e := range in.Exclusions {
		add("exclusion/"+e.ID, "label", e.Label)
		add("exclusion/"+e.ID, "why", e.Why)
	}
	return list
}
