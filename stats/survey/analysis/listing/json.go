package listing

import (
	"encoding/json"
	"io"

	"waymark/stats/survey/analysis"
)

// Source is the file that was analysed.
type Source struct {
	Name   string `json:"name"`
	Format string `json:"format,omitempty"`
	SHA256 string `json:"sha256,omitempty"`
	Rows   int    `json:"rows"`
}

// document has the names of JSON's fields, which stay as they are; see
// docs/analyse.md.
type document struct {
	Form       int             `json:"form"`
	Data       Source          `json:"data"`
	Design     analysis.Design `json:"design"`
	Where      string          `json:"where,omitempty"`
	Confidence float64         `json:"confidence"`
	Results    []result        `json:"results"`
	Notes      []string        `json:"notes,omitempty"`
}

type result struct {
	Kind    string         `json:"kind"`
	Title   string         `json:"title"`
	Asked   string         `json:"asked,omitempty"`
	By      []string       `json:"by,omitempty"`
	Rows    []analysis.Row `json:"rows"`
	Notes   []string       `json:"notes,omitempty"`
	Explain []string       `json:"explain,omitempty"`
	Sources []string       `json:"sources,omitempty"`
	R       string         `json:"r,omitempty"`
}

// form is the version of the names of JSON's fields. It grows when one is
// taken away or changes its meaning.
const form = 1

// JSON writes a report with full precision. There is no NaN: a number that
// there is not is null or left out, and the row says why.
func JSON(w io.Writer, report *analysis.Report, source Source, confidence float64) error {
	d := document{Form: form, Data: source, Design: report.Design, Where: report.Where, Confidence: confidence, Results: []result{}, Notes: report.Notes}
	for _, r := range report.Results {
		rows := r.Rows
		if rows == nil {
			rows = []analysis.Row{}
		}
		d.Results = append(d.Results, result{r.Kind, r.Title, r.Ask, r.By, rows, r.Notes, r.Explain, r.Sources, r.R})
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(d)
}
