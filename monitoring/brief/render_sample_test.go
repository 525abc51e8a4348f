package brief

import (
	"fmt"
	"testing"
	"time"

	"waymark/monitoring/brief/figure"
)

// sampleNow is the time at which every test's files are made.
var sampleNow = time.Date(2016, 10, 11, 9, 30, 0, 0, time.UTC)

// sample returns a made-up document that uses every kind of block. Its text
// holds what XML, CSV, CSS and spreadsheets take for markup.
func sample(lang string) *Document {
	w := sampleText[lang]
	fig := func(id, title string) *Figure {
		f := &Figure{ID: id, Title: title, Description: w["desc"], Notes: []string{w["note"]}}
		f.Drawing = figure.DotPlot(figure.DotPlotSpec{
			Frame:  figure.Frame{Title: title, Description: w["desc"], Badge: w["synthetic"], RTL: lang == "ar"},
			Series: []figure.Series{{Name: w["cmr"], Paint: figure.Series1}, {Name: w["emr"], Paint: figure.Series2, Mark: figure.Diamond}},
			Groups: []figure.RowGroup{{Rows: []figure.Row{
				{Label: w["held"], Base: "2,780", Points: []figure.Estimate{{Value: .49, Lo: .47, Hi: .51, Text: "49%"}, {Value: .06, Lo: .05, Hi: .07, Text: "6%"}}},
				{Label: w["unpaid"], Base: "2,780", Points: []figure.Estimate{{Value: .5, Lo: .48, Hi: .52, Text: "50%"}, {Value: .07, Lo: .06, Hi: .08, Text: "7%"}}},
			}}},
		})
		f.Data = &Table{ID: id, Caption: title, Columns: []TableColumn{{Label: w["indicator"], HXL: "#indicator+name"}, {Label: "%", HXL: "#indicator+value+num", Numeric: true}},
			Rows: [][]Cell{{{Text: w["held"], Header: true}, {Text: "49%", Value: 0.4900719424460432, Percent: true, Key: "held.route-CMR"}}}}
		return f
	}
	wide := &Table{ID: "indicators-by-nationality", Caption: w["widecaption"], Notes: []string{w["note"]}}
	wide.Columns = append(wide.Columns, TableColumn{Label: w["group"], HXL: "#group+name"})
	for i := range 8 {
		wide.Columns = append(wide.Columns, TableColumn{Label: fmt.Sprintf("%s %d", w["held"], i+1), HXL: fmt.Sprintf("#indicator+value+num+i%d", i+1), Numeric: true})
	}
	for g := range 2 {
		wide.Rows = append(wide.Rows, []Cell{{Text: []string{w["cmr"], w["emr"]}[g], Header: true}})
		for r := range 5 {
			row := []Cell{{Text: fmt.Sprintf("%s %d", w["group"], r+1), Header: true}}
			for i := range 8 {
				share := float64(r*8+i+1) / 100
				row = append(row, Cell{Text: fmt.Sprintf("%.1f%%", share*100), Value: share, Percent: true, Key: fmt.Sprintf("wide.%d.%d.%d", g, r, i)})
			}
			if r == 4 {
				row[8] = Cell{Text: w["hidden"]}
			}
			wide.Rows = append(wide.Rows, row)
		}
	}
	doc := &Document{
		Lang: lang, RTL: lang == "ar", Title: w["title"], Subtitle: w["subtitle"], Synthetic: w["synthetic"],
		Cover: []CoverFact{
			{"8,475", w["n"], "count.eligible"}, {"71%", w["cmr"], "at_least_one.route-CMR"},
			{"49%", w["held"], "held.route-CMR"}, {"7.9", w["ratio"], "ratio.held"},
		},
		Receipts: "receipts.html", Footer: "fms-2016, waymark 0.1.0, SHA-256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
		Words: map[string]string{"language_name": w["language"], "contents": w["contents"], "figure": w["figure"], "table": w["table"], "figure_data": w["data"]},
		Sections: []Section{
			{ID: "overview", Title: w["overview"], Blocks: []Block{
				Paragraph{{Text: w["lead"] + " "}, {Text: "71%", Key: "at_least_one.route-CMR", Bold: true}, {Text: " " + w["leadend"]}},
				Paragraph{{Text: `<script>alert("x")</script> & 'quoted' ]]> </style>`}},
				List{{{Text: w["held"] + ": "}, {Text: "49%", Key: "held.route-CMR"}}, {{Text: w["unpaid"]}}},
				Note{{Text: w["note"]}},
			}},
			{ID: "indicators", Title: w["indicator"], Blocks: []Block{
				Heading(w["heading"]),
				Paragraph{{Text: w["lead"]}},
				fig("indicators-by-route", w["figcaption"]),
				&Table{ID: "counts", Caption: w["caption"], Columns: []TableColumn{{Label: w["group"], HXL: "#group+name"}, {Label: "n", HXL: "#affected+num", Numeric: true}, {Label: "=1+1", HXL: "#meta+text"}},
					Rows: [][]Cell{{{Text: "=HYPERLINK(\"x\")", Header: true}, {Text: "2,780", Value: 2780, Key: "count.eligible.CMR"}, {Text: "@a, \"b\"\nc"}}, {{Text: w["emr"], Header: true}, {Text: w["hidden"]}, {Text: "-"}}}},
			}},
			{ID: "nationality", Title: w["group"], Blocks: []Block{wide, fig("by-nationality", w["figcaption"])}},
		},
	}
	return doc
}

// sampleReceipts has an entry for every key of the sample.
func sampleReceipts(doc *Document) []ReceiptEntry {
	var out []ReceiptEntry
	seen := map[string]bool{}
	for _, key := range documentKeys(doc) {
		if !seen[key] {
			seen[key] = true
			out = append(out, ReceiptEntry{Key: key, Title: key, Lines: [][2]string{
				{"Filter", "received 9,120; not asked before 8,900; consent 8,600; 14 or older 8,475"},
				{"File", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"},
				{"Again", "waymark receipt " + key}}})
		}
	}
	return out
}

func documentKeys(doc *Document) []string {
	var keys []string
	add := func(k string) {
		if k != "" {
			keys = append(keys, k)
		}
	}
	runs := func(in []Inline) {
		for _, r := range in {
			add(r.Key)
		}
	}
	grid := func(t *Table) {
		for _, row := range t.Rows {
			for _, c := range row {
				add(c.Key)
			}
		}
	}
	for _, f := range doc.Cover {
		add(f.Key)
	}
	for _, s := range doc.Sections {
		for _, b := range s.Blocks {
			switch b := b.(type) {
			case Paragraph:
				runs(b)
			case Note:
				runs(b)
			case List:
				for _, p := range b {
					runs(p)
				}
			case *Table:
				grid(b)
			case *Figure:
				if b.Data != nil {
					grid(b.Data)
				}
			}
		}
	}
	return keys
}

func render(t testing.TB, docs ...*Document) map[string][]byte {
	t.Helper()
	files, err := Render(docs, RenderOptions{Now: sampleNow, Receipts: sampleReceipts(docs[0]), SharedReceipt: [][2]string{{"Instrument", "fms-2016"}}})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

var sampleText = map[string]map[string]string{
	"en": {
		"language": "English", "contents": "Contents", "figure": "Figure", "table": "Table", "data": "Data behind this figure",
		"title": "Trafficking indicators on two routes", "subtitle": "Central and Eastern Mediterranean, December 2015 to September 2016",
		"synthetic": "Synthetic example data: no real interviews", "n": "people interviewed", "ratio": "times the share on the Eastern route",
		"cmr": "Central Mediterranean", "emr": "Eastern Mediterranean", "held": "Held against their will", "unpaid": "Worked without the pay they expected",
		"overview": "Overview", "indicator": "Indicators by route", "heading": "What people reported", "group": "Nationality",
		"lead": "Of the people interviewed on the Central Mediterranean route,", "leadend": "answered yes to at least one of five questions on their own experience. The interval is 69% to 73%; it reflects sampling error only.",
		"note": "The sample is not random & does not represent all arrivals.", "desc": "Dots with intervals: people on the Central route report each indicator more often.",
		"figcaption": "People who answered yes, by route", "caption": "People interviewed, by route", "widecaption": "People who answered yes, by route and nationality",
		"hidden": "– (fewer than 30 answers)",
	},
	"ar": {
		"language": "العربية", "contents": "المحتويات", "figure": "الشكل", "table": "الجدول", "data": "البيانات وراء هذا الشكل",
		"title": "مؤشرات الاتجار على طريقين", "subtitle": "وسط وشرق البحر المتوسط، ديسمبر 2015 إلى سبتمبر 2016",
		"synthetic": "بيانات مثال مصطنعة: لا مقابلات حقيقية", "n": "شخصاً أُجريت معهم مقابلات", "ratio": "أضعاف النسبة على الطريق الشرقي",
		"cmr": "وسط المتوسط", "emr": "شرق المتوسط", "held": "احتُجزوا رغماً عنهم", "unpaid": "عملوا من دون الأجر المتوقع",
		"overview": "نظرة عامة", "indicator": "المؤشرات حسب الطريق", "heading": "ما ذكره الناس", "group": "الجنسية",
		"lead": "من بين من أُجريت معهم مقابلات على طريق وسط المتوسط،", "leadend": "أجابوا بنعم عن سؤال واحد على الأقل من خمسة أسئلة. المجال من 69% إلى 73%.",
		"note": "العينة ليست عشوائية ولا تمثل جميع الواصلين.", "desc": "نقاط مع مجالات لكل مؤشر.",
		"figcaption": "من أجابوا بنعم، حسب الطريق", "caption": "الأشخاص حسب الطريق", "widecaption": "من أجابوا بنعم، حسب الطريق والجنسية",
		"hidden": "– (أقل من 30 إجابة)",
	},
}
