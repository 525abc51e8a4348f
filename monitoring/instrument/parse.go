package instrument

import (
	"github.com/goccy/go-yaml/ast"

	"waymark/internal/fault"
)

// parse reads a source into an instrument.
func (src *source) parse() (*Instrument, error) {
	faults := fault.NewList(maxFaults)
	in := &Instrument{ID: src.stem, Version: "1", SHA256: src.sum(), Roles: map[Role]string{}}
	reader := &yamlReader{at: src.at(definition), faults: faults}
	var root ast.Node
	var languages []string
	if data, ok := src.files[definition]; ok {
		if root = reader.root(data); root != nil {
			languages = reader.declaredLanguages(root)
		}
	} else if !src.loose {
		faults.Addf(fault.Invalid, src.at(definition), "an instrument has survey.csv, choices.csv, settings.csv and instrument.yaml", "the file is missing")
	}
	language := src.sheets(in, languages, faults)
	if root != nil {
		d := &definer{yamlReader: reader, in: in, language: language}
		d.read(root)
	}
	if len(in.Title) == 0 {
		in.Title = Text{language: in.ID}
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	return in, nil
}

// declaredLanguages reads the languages before anything else, because a bare
// label is in the first of them.
func (r *yamlReader) declaredLanguages(root ast.Node) []string {
	m, ok := root.(ast.MapNode)
	if !ok {
		return nil
	}
	var codes []string
	for it := m.MapRange(); it.Next(); {
		if it.Key().String() != "languages" {
			continue
		}
		for _, n := range r.list(it.Value(), "languages") {
			if code := r.text(n, "languages"); code != "" {
				codes = append(codes, code)
			}
		}
	}
	return codes
}

// sheets reads the sheets of a source and returns the language of bare labels:
// the form's default language, else the first declared one, else English.
func (src *source) sheets(in *Instrument, languages []string, faults *fault.List) string {
	survey, choices, settings := src.readSheets(faults)
	language := "en"
	if len(languages) > 0 {
		language = languages[0]
	}
	if settings != nil && len(settings.rows) > 0 {
		row := settings.rows[0]
		if name := settings.cell(row, "default_language"); name != "" {
			language = languageCode(name)
		}
		if id := settings.cell(row, "form_id"); identifier().MatchString(id) {
			in.ID = id
		}
		if v := settings.cell(row, "version"); v != "" {
			in.Version = v
		}
		if title := settings.cell(row, "form_title"); title != "" {
			in.Title = Text{language: title}
		}
	}
	if survey == nil || survey.header == nil {
		if survey != nil {
			faults.Addf(fault.Invalid, survey.at, "it begins with a row of column names: type, name, label", "the survey is empty")
		}
		return language
	}
	in.Languages = languages
	if len(languages) == 0 {
		in.Languages = survey.languages(language)
	}
	in.readChoices(choices, language, settings != nil && len(settings.rows) > 0 && yes(settings.cell(settings.rows[0], "allow_choice_duplicates")), faults)
	r := &surveyReader{in: in, sheet: survey, language: language, faults: faults}
	r.read()
	return language
}

// readSheets reads the sheets of a source as they are. A sheet that is not
// there is nil; only the survey must be.
func (src *source) readSheets(faults *fault.List) (survey, choices, settings *sheet) {
	if src.book != "" {
		sheets := readWorkbook(src.at(src.book), src.files[src.book], faults)
		survey, choices, settings = sheets["survey"], sheets["choices"], sheets["settings"]
		if survey == nil && sheets != nil {
			faults.Addf(fault.Invalid, src.at(src.book), "an XLSForm has a sheet named survey", "the workbook has no survey sheet")
		}
	} else {
		read := func(file string) *sheet {
			if data, ok := src.files[file]; ok {
				return readCSV(src.at(file), data, faults)
			}
			return nil
		}
		survey, choices, settings = read(surveyFile), read(choicesFile), read(settingsFile)
		if survey == nil {
			faults.Addf(fault.Invalid, src.at(surveyFile), "an instrument has survey.csv, choices.csv, settings.csv and instrument.yaml", "the file is missing")
		}
	}
	return survey, choices, settings
}
