package instrument

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"

	"github.com/xuri/excelize/v2"

	"waymark/internal/fault"
	"waymark/stats/table"
)

// isForm says whether a file is an XLSForm workbook: it has a sheet named
// survey with columns type and name.
func isForm(path string) (bool, error) {
	if ext := strings.ToLower(filepath.Ext(path)); ext != ".xlsx" && ext != ".xlsm" {
		return false, nil
	}
	info, err := os.Stat(path)
	if err != nil {
		return false, fault.Wrap(fault.NotFound, fault.Place{File: path}, "there is no such file", "check the name and the folder", err)
	}
	if info.IsDir() || info.Size() > maxFileBytes {
		return false, nil // data, whose reader has its own bounds
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return false, fault.Wrap(fault.NotFound, fault.Place{File: path}, "the file cannot be read", "check the rights", err)
	}
	book, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxUnpacked})
	if err != nil {
		return false, nil // the reader of data says what is wrong
	}
	defer book.Close()
	for _, name := range book.GetSheetList() {
		if !strings.EqualFold(strings.TrimSpace(name), "survey") {
			continue
		}
		rows, err := book.Rows(name)
		if err != nil {
			return false, nil
		}
		defer rows.Close()
		for rows.Next() {
			cells, err := rows.Columns()
			if err != nil {
				return false, nil
			}
			found := map[string]bool{}
			for _, c := range cells {
				found[canonicalHeader(c)] = true
			}
			if len(cells) > 0 {
				return found["type"] && found["name"], nil
			}
		}
	}
	return false, nil
}

// fromForm drafts from an XLSForm: its sheets as they are, with the parts of
// instrument.yaml guessed from names and types.
func (d *draft) fromForm(path string) error {
	data, err := readFile(os.DirFS(filepath.Dir(path)), filepath.Base(path), path)
	if err != nil {
		return err
	}
	src := &source{name: path, stem: d.id, book: filepath.Base(path), loose: true, files: map[string][]byte{filepath.Base(path): data}}
	in, err := src.parse()
	if err != nil {
		return err
	}
	d.fromWorkbook = true
	d.languages = in.Languages
	if len(d.languages) == 0 {
		d.languages = []string{"en"}
	}
	for i := range in.Questions {
		d.formQuestion(in, &in.Questions[i])
	}
	d.rolesByName()
	d.identify(0)
	faults := fault.NewList(maxFaults)
	sheets := readWorkbook(src.at(src.book), data, faults)
	if err := faults.Err(); err != nil {
		return err
	}
	d.survey = sheetCSV(sheets["survey"], nil)
	// A reason for a missing answer is marked where a choice reads like one.
	d.choices = sheetCSV(sheets["choices"], in)
	d.settings = d.formSettings(sheets["settings"])
	return nil
}

func (d *draft) formQuestion(in *Instrument, q *Question) {
	if q.Repeat != "" {
		return
	}
	f := &draftQuestion{name: q.Name, kind: q.Type, list: q.List, header: q.Label.In(d.languages[0])}
	if f.header == "" {
		f.header = q.Name
	}
	for _, c := range in.Lists[q.List] {
		label := c.Label.In(d.languages[0])
		f.levels = append(f.levels, draftLevel{c.Name, label, missingWord(c.Name, c.Label.In("en"))})
	}
	if q.Type == "select_one" {
		f.yes = yesLevel(f.levels)
	}
	if q.Kind == table.Text && !q.Metadata && q.Type != "calculate" && q.Type != "rank" && !q.Identifying {
		f.identifying = "what is typed may hold anything"
	}
	if q.Identifying {
		f.identifying = "a " + q.Type + " may point to a person"
	}
	d.questions = append(d.questions, f)
}

// formSettings keeps the settings of a form, under the id of the draft.
func (d *draft) formSettings(s *sheet) []byte {
	header := []string{"form_title", "form_id", "version", "default_language"}
	row := []string{d.id, d.id, "1", ""}
	if s != nil && len(s.rows) > 0 {
		for i, h := range header {
			if v := s.cell(s.rows[0], h); v != "" && h != "form_id" {
				row[i] = v
			}
		}
	}
	return csvBytes([][]string{header, row})
}

// sheetCSV writes a sheet without its empty columns. With an instrument, the
// sheet is that of its choices and gets a missing column where there is none.
func sheetCSV(s *sheet, in *Instrument) []byte {
	if s == nil {
		return csvBytes([][]string{{"list_name", "name", "label"}})
	}
	var keep []int
	for i, h := range s.header {
		filled := false
		for _, row := range s.rows {
			filled = filled || i < len(row.cells) && row.cells[i] != ""
		}
		if h != "" && filled {
			keep = append(keep, i)
		}
	}
	_, has := s.index["missing"]
	mark := in != nil && !has
	var rows [][]string
	header := make([]string, 0, len(keep)+1)
	for _, i := range keep {
		header = append(header, s.header[i])
	}
	if mark {
		header = append(header, "missing")
	}
	rows = append(rows, header)
	for _, row := range s.rows {
		cells := make([]string, 0, len(keep)+1)
		for _, i := range keep {
			cell := ""
			if i < len(row.cells) {
				cell = row.cells[i]
			}
			cells = append(cells, cell)
		}
		if mark {
			word := ""
			if c := findChoice(in.Lists[s.cell(row, "list_name")], s.cell(row, "name")); c != nil {
				word = missingWord(c.Name, c.Label.In("en"))
			}
			cells = append(cells, word)
		}
		rows = append(rows, cells)
	}
	return csvBytes(rows)
}

// csvBytes writes rows as CSV.
func csvBytes(rows [][]string) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.WriteAll(rows) // a buffer takes everything
	return b.Bytes()
}
