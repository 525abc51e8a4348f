package rule

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strings"
	"sync"

	"waymark/internal/fault"
)

//go:embed pathway
var builtin embed.FS

// The bounds of a pathway.
const (
	maxFiles  = 40
	maxBundle = 2 << 20 // bytes
	maxFaults = 200
)

// Builtin loads the pathways of the program, by id. They are loaded once; the
// result is shared and read only.
var Builtin = sync.OnceValues(func() (map[string]*Pathway, error) {
	folders, err := builtin.ReadDir("pathway")
	if err != nil {
		return nil, err
	}
	all := map[string]*Pathway{}
	for _, f := range folders {
		sub, err := fs.Sub(builtin, path.Join("pathway", f.Name()))
		if err != nil {
			return nil, err
		}
		p, err := Load(sub)
		if err != nil {
			return nil, fault.InFile(err, f.Name())
		}
		all[p.ID] = p
	}
	return all, nil
})

// Load reads the pathway of a folder: every .yaml file directly in it. It
// fails with every fault at once, each with file, line and column.
func Load(fsys fs.FS) (*Pathway, error) {
	names, err := fs.Glob(fsys, "*.yaml")
	if err != nil || len(names) == 0 {
		return nil, fault.Wrap(fault.NotFound, fault.Place{File: "pathway.yaml"}, "the folder holds no rule files", "a pathway is a folder with pathway.yaml, concern.yaml, referral.yaml and others", err)
	}
	faults := fault.NewList(maxFaults)
	var list []file
	total := 0
	for _, name := range names {
		at := fault.Place{File: name}
		info, err := fs.Stat(fsys, name)
		if err != nil || !info.Mode().IsRegular() {
			faults.Add(fault.Wrap(fault.Invalid, at, "the file cannot be read", "", err))
			continue
		}
		if total += int(min(info.Size(), maxBundle+1)); total > maxBundle || len(list) >= maxFiles {
			faults.Addf(fault.Invalid, at, "", "a pathway has at most %d files and %d bytes", maxFiles, maxBundle)
			break
		}
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			faults.Add(fault.Wrap(fault.Invalid, at, "the file cannot be read", "", err))
			continue
		}
		list = append(list, file{name, data})
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	return load(list)
}

// Parse reads what Bundle wrote, with the same checks as Load.
func Parse(bundle []byte) (*Pathway, error) {
	at := fault.Place{File: "bundle"}
	if len(bundle) > maxBundle+maxFiles*100 {
		return nil, fault.New(fault.Invalid, at, "the bundle is larger than a pathway may be", "")
	}
	list := split(bundle)
	if len(list) == 0 || len(list) > maxFiles {
		return nil, fault.New(fault.Invalid, at, "this is no bundle of rule files", "")
	}
	return load(list)
}

// load reads files, in the order of their names and with the line ends of Unix.
func load(files []file) (*Pathway, error) {
	faults := fault.NewList(maxFaults)
	sort.Slice(files, func(i, j int) bool { return files[i].name < files[j].name })
	for i := range files {
		f, at := &files[i], fault.Place{File: files[i].name}
		f.data = bytes.ReplaceAll(f.data, []byte("\r\n"), []byte("\n"))
		f.data = bytes.ReplaceAll(f.data, []byte("\r"), []byte("\n"))
		if len(f.data) > 0 && f.data[len(f.data)-1] != '\n' {
			f.data = append(f.data, '\n')
		}
		if i > 0 && files[i-1].name == f.name {
			faults.Addf(fault.Invalid, at, "leave one", "the file is there twice")
		}
		for line := range bytes.Lines(f.data) {
			at.Row++
			if marker().Match(bytes.TrimRight(line, "\r\n")) {
				faults.Addf(fault.Invalid, at, "write it in another way", "a line may not look like -- name.yaml --, which begins a file of a bundle")
			}
		}
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	b := &builder{p: &Pathway{bundle: format(files)}, faults: faults}
	for _, f := range files {
		b.file(f.name, f.data)
	}
	b.finish()
	if err := faults.Err(); err != nil {
		sort.SliceStable(faults.Faults, func(i, j int) bool {
			p, q := faults.Faults[i].Place, faults.Faults[j].Place
			if p.File != q.File {
				return p.File < q.File
			}
			return p.Row < q.Row
		})
		return nil, err
	}
	sum := sha256.Sum256(b.p.bundle)
	b.p.Version += "+" + hex.EncodeToString(sum[:6])
	return b.p, nil
}

// The files of a pathway.
type (
	pathwayFile struct {
		ID           string    `rule:"id,required"`
		Title        Text      `rule:"title,required"`
		Country      string    `rule:"country,required"`
		Version      string    `rule:"version,required"`
		Illustrative bool      `rule:"illustrative"`
		Languages    []string  `rule:"languages,required"`
		Nations      []*Nation `rule:"nations,required"`
		Emergency    Emergency `rule:"emergency,required"`
		Sources      []*Source `rule:"sources,required"`
		Themes       []*Theme  `rule:"themes,required"`
		Events       []*Event  `rule:"events"`
	}
	indicatorFile struct {
		Indicators []*Indicator `rule:"indicators,required"`
	}
	adviceFile struct {
		Advice []*AdviceRule `rule:"advice,required"`
	}
	organisationFile struct {
		Organisations []*Organisation `rule:"organisations,required"`
	}
	outcomeFile struct {
		Outcomes []*Outcome `rule:"outcomes,required"`
	}
	clockFile struct {
		Clocks []*Clock `rule:"clocks,required"`
	}
	retentionFile struct {
		Retention []*Retention `rule:"retention,required"`
	}
	holidayFile struct {
		Holidays []*Holidays `rule:"holidays,required"`
	}
)

// builder puts a pathway together from its files.
type builder struct {
	p      *Pathway
	faults *fault.List
	have   []string // kinds of file read
}

// kinds of file: NAME.yaml, or NAME-more.yaml where the rules of one kind are
// divided. The first four are needed.
var fileKinds = []string{"pathway", "concern", "referral", "outcomes", "indicators", "advice", "organisations", "clocks", "retention", "holidays"}

// file reads one file into the pathway.
func (b *builder) file(name string, data []byte) {
	stem := strings.TrimSuffix(name, ".yaml")
	kind, _, divided := strings.Cut(stem, "-")
	if !slices.Contains(fileKinds, kind) || divided && slices.Contains([]string{"pathway", "concern", "referral", "outcomes"}, kind) {
		remedy := "the files are: " + strings.Join(fileKinds, ", ")
		b.faults.Addf(fault.Invalid, fault.Place{File: name}, remedy, "a pathway has no file of this name")
		return
	}
	b.have = append(b.have, kind)
	r := &reader{file: name, faults: b.faults}
	p := b.p
	switch kind {
	case "pathway":
		var f pathwayFile
		r.read(data, &f)
		p.ID, p.Title, p.Country, p.Version, p.Illustrative = f.ID, f.Title, f.Country, f.Version, f.Illustrative
		p.Languages, p.Nations, p.Emergency, p.Sources, p.Themes, p.Events = f.Languages, f.Nations, f.Emergency, f.Sources, f.Themes, f.Events
	case "concern":
		p.Concern = new(Form)
		r.read(data, p.Concern)
	case "referral":
		p.Referral = new(Form)
		r.read(data, p.Referral)
	case "outcomes":
		var f outcomeFile
		r.read(data, &f)
		p.Outcomes = f.Outcomes
	case "indicators":
		var f indicatorFile
		r.read(data, &f)
		p.Indicators = append(p.Indicators, f.Indicators...)
	case "advice":
		var f adviceFile
		r.read(data, &f)
		p.AdviceRules = append(p.AdviceRules, f.Advice...)
	case "organisations":
		var f organisationFile
		r.read(data, &f)
		p.Organisations = append(p.Organisations, f.Organisations...)
	case "clocks":
		var f clockFile
		r.read(data, &f)
		p.Clocks = append(p.Clocks, f.Clocks...)
	case "retention":
		var f retentionFile
		r.read(data, &f)
		p.Retention = append(p.Retention, f.Retention...)
	case "holidays":
		var f holidayFile
		r.read(data, &f)
		p.Holidays = append(p.Holidays, f.Holidays...)
	}
}
