package instrument

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/txtar"

	"waymark/internal/fault"
)

//go:embed fms-2016 fms-2017
var embedded embed.FS

// builtin lists the instruments that come with the program, oldest first.
var builtin = []string{"fms-2016", "fms-2017"}

// The files of an instrument's folder. No other file in it is read.
const (
	surveyFile       = "survey.csv"
	choicesFile      = "choices.csv"
	settingsFile     = "settings.csv"
	definition       = "instrument.yaml"
	translationsFile = "translations.csv" // may be absent; not part of the sum
)

// maxFileBytes bounds each file of an instrument: 16 MiB, inclusive. The two
// built-in folders have files of up to 200 KiB.
const maxFileBytes = 16 << 20

// maxFaults bounds the faults reported at once for one instrument.
const maxFaults = 100

// Builtin returns the ids of the instruments that come with the program,
// oldest first.
func Builtin() []string { return slices.Clone(builtin) }

// Titles are those of the built-in instruments by id, read at the first use. The map
// is shared: it must not be changed.
func Titles() map[string]Text { return titles() }

var titles = sync.OnceValue(func() map[string]Text {
	m := map[string]Text{}
	for _, id := range builtin {
		in, err := Load(id)
		if err != nil {
			panic(err) // what is built in can be read; a test holds it
		}
		m[id] = in.Title
	}
	return m
})

// source is an instrument's files before they are understood.
type source struct {
	name  string            // as the person wrote it
	stem  string            // the id where nothing in the files gives one
	files map[string][]byte // by base name
	book  string            // base name of the workbook, or ""
	loose bool              // instrument.yaml may be absent
}

// Load reads an instrument: the id of a built-in one, a folder on disk, a
// .txtar archive of such a folder, or an XLSForm workbook (.xlsx). Beside a
// workbook, "<its name>.yaml" or "instrument.yaml" is read if it is there;
// without one the instrument has questions only.
//
// Every fault is reported at once, up to 100, with file, row and column.
func Load(idOrFolder string) (*Instrument, error) {
	src, err := open(idOrFolder)
	if err != nil {
		return nil, err
	}
	return src.parse()
}

func open(name string) (*source, error) {
	if slices.Contains(builtin, name) {
		return openFolder(embedded, name, name)
	}
	info, err := os.Stat(name)
	if err != nil {
		remedy := "give the path of an instrument's folder, an .xlsx form, or one of: " + strings.Join(builtin, ", ")
		if near := fault.Nearest(name, builtin); near != "" {
			remedy = fmt.Sprintf("did you mean %s? There are: %s", near, strings.Join(builtin, ", "))
		}
		return nil, fault.Wrap(fault.NotFound, fault.Place{File: name}, "there is no instrument of this name", remedy, err)
	}
	if info.IsDir() {
		return openFolder(os.DirFS(name), ".", name)
	}
	data, err := readFile(os.DirFS(filepath.Dir(name)), filepath.Base(name), name)
	if err != nil {
		return nil, err
	}
	switch strings.ToLower(filepath.Ext(name)) {
	case ".txtar":
		return openArchive(name, data)
	case ".xlsx", ".xlsm":
		return openWorkbook(name, data)
	}
	return nil, fault.New(fault.Invalid, fault.Place{File: name}, "this file is not an instrument",
		"an instrument is a folder, a .txtar archive of one, or an XLSForm (.xlsx); to draft one from data, use waymark instrument init")
}

// readFile reads a file of bounded size; shown is its name in messages.
func readFile(fsys fs.FS, name, shown string) ([]byte, error) {
	at := fault.Place{File: shown}
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, fault.Wrap(fault.NotFound, at, "the file cannot be read", "check the path and the rights", err)
	}
	if info.Size() > maxFileBytes {
		return nil, fault.New(fault.Invalid, at, fmt.Sprintf("the file has %d bytes; a file of an instrument has at most %d", info.Size(), maxFileBytes),
			"an instrument holds questions, not answers")
	}
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, fault.Wrap(fault.NotFound, at, "the file cannot be read", "check the path and the rights", err)
	}
	return data, nil
}

func openFolder(fsys fs.FS, dir, shown string) (*source, error) {
	stem := filepath.Base(filepath.Clean(shown))
	if stem == "." || stem == ".." {
		if abs, err := filepath.Abs(shown); err == nil {
			stem = filepath.Base(abs)
		}
	}
	src := &source{name: shown, stem: stem, files: map[string][]byte{}}
	for _, name := range []string{surveyFile, choicesFile, settingsFile, definition, translationsFile} {
		path := name
		if dir != "." {
			path = dir + "/" + name
		}
		if _, err := fs.Stat(fsys, path); err != nil {
			continue
		}
		data, err := readFile(fsys, path, filepath.Join(shown, name))
		if err != nil {
			return nil, err
		}
		src.files[name] = data
	}
	return src, nil
}

func openArchive(name string, data []byte) (*source, error) {
	src := &source{name: name, stem: strings.TrimSuffix(filepath.Base(name), filepath.Ext(name)), files: map[string][]byte{}}
	for _, f := range txtar.Parse(data).Files {
		base := f.Name[strings.LastIndexByte(f.Name, '/')+1:]
		switch base {
		case surveyFile, choicesFile, settingsFile, definition, translationsFile:
			if _, twice := src.files[base]; twice {
				return nil, fault.New(fault.Invalid, fault.Place{File: name, Field: f.Name}, "the archive holds two files of this name",
					"keep one instrument in an archive")
			}
			src.files[base] = f.Data
		}
	}
	return src, nil
}

func openWorkbook(name string, data []byte) (*source, error) {
	stem := strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))
	src := &source{name: name, stem: stem, book: filepath.Base(name), loose: true, files: map[string][]byte{filepath.Base(name): data}}
	dir := os.DirFS(filepath.Dir(name))
	for _, yaml := range []string{stem + ".yaml", definition} {
		if _, err := fs.Stat(dir, yaml); err != nil {
			continue
		}
		data, err := readFile(dir, yaml, filepath.Join(filepath.Dir(name), yaml))
		if err != nil {
			return nil, err
		}
		src.files[definition] = data
		break
	}
	return src, nil
}

// sum is the SHA-256 of the files: for each, in order of name, the name, a
// zero byte, the length in decimal, a zero byte, and the bytes. The record of
// who has checked which translation is left out: it changes no question.
func (src *source) sum() string {
	names := make([]string, 0, len(src.files))
	for name := range src.files {
		if name != translationsFile {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	h := sha256.New()
	for _, name := range names {
		fmt.Fprintf(h, "%s\x00%d\x00", name, len(src.files[name]))
		h.Write(src.files[name])
	}
	return hex.EncodeToString(h.Sum(nil))
}

// at is the place of a file of the source.
func (src *source) at(file string) fault.Place {
	if src.book != "" {
		return fault.Place{File: filepath.Join(filepath.Dir(src.name), file)}
	}
	return fault.Place{File: src.name + "/" + file}
}
