package lint

import (
	"fmt"
	"strings"
	"testing"

	"waymark/forms/xlsform/definition"
	"waymark/forms/xlsform/workbook"
)

// BenchmarkCheck runs the rules over a synthetic form of 5,000 questions and a
// list of 100,000 choices; reading the form is not counted. Each question asks
// about the one before, so that every chain is as long as the form.
func BenchmarkCheck(b *testing.B) {
	book, err := workbook.Read([]byte(largeForm(5_000, 100_000)))
	if err != nil {
		b.Fatal(err)
	}
	form, err := definition.Read(book, definition.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if len(Check(book, form)) == 0 {
			b.Fatal("nothing was found")
		}
	}
}

// largeForm writes a form whose questions each depend on earlier ones.
func largeForm(questions, choices int) string {
	var b strings.Builder
	b.WriteString("| survey |\n| | type | name | label::English (en) | label::French (fr) | relevant | constraint | calculation |\n")
	b.WriteString("| | select_one yn | consent | Do you agree to take part? | Acceptez-vous? | | | |\n")
	types := []string{"integer", "select_one yn", "select_multiple big", "text", "calculate"}
	for i := range questions {
		relevant, constraint, calculation := "${consent} = 'yes'", "", ""
		if i > 0 {
			relevant += fmt.Sprintf(" and ${q%d} != ''", i-1)
		}
		switch i % 5 {
		case 0:
			constraint = ". > 3 and . < 80"
		case 4:
			relevant += fmt.Sprintf(" and (selected(${q%d}, 'yes') or ${q%d} = 'no') and not(selected(${q%d}, 'c7'))", i-3, i-1, i-2)
			calculation = fmt.Sprintf("${q%d}", i-1)
		}
		fmt.Fprintf(&b, "| | %s | q%d | Question %d | Question %d fr | %s | %s | %s |\n", types[i%5], i, i, i, relevant, constraint, calculation)
	}
	b.WriteString("| choices |\n| | list_name | name | label::English (en) | label::French (fr) | region |\n| | yn | yes | Yes | Oui | |\n| | yn | no | No | Non | |\n")
	for i := range choices {
		fmt.Fprintf(&b, "| | big | c%d | Choice %d | Choix %d | r%d |\n", i, i%(choices/2), i, i%100)
	}
	return b.String()
}
