package example_test

import (
	"fmt"

	"waymark/monitoring/example"
)

func ExampleTable() {
	t, err := example.Table()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(t.Rows(), "interviews that no one gave")
	fmt.Println(t.Column("enumerator_note").Text(0))
	// Output:
	// 9105 interviews that no one gave
	// synthetic example record
}

func ExampleFigures() {
	figures, err := example.Figures()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range figures {
		if f.ID == "held" {
			fmt.Println(f.Route, f.Value, f.Basis, f.Source)
		}
	}
	// Output:
	// EMR 0.06 published iom-2016-release
	// CMR 0.49 published iom-2016
}
