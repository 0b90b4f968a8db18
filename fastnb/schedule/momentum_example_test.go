package schedule_test

import (
	"fmt"

	"github.com/fastnb/fastnb/fastnb/schedule"
)

// The momentum falls where the rate of Circular rises, and comes back.
func ExampleCircularMom() {
	fmt.Printf("%.3f\n", schedule.CircularMom(.95, .85, 2).Values(4))
	// Output: [0.950 0.900 0.850 0.900]
}

// The last half of the cycle is flat.
func ExampleCircularBetaMom() {
	fmt.Printf("%.3f\n", schedule.CircularBetaMom(.95, .85, 50).Values(8))
	// Output: [0.950 0.900 0.850 0.900 0.950 0.950 0.950 0.950]
}

// Parts can be made one by one, such as a step down for every third of a fit.
func ExamplePart() {
	var steps []schedule.Part
	for _, rate := range []float64{1, .1, .01} {
		steps = append(steps, schedule.Part{Schedule: schedule.Const(rate), Share: 1})
	}
	fmt.Println(schedule.Combine(steps...).Values(6))
	// Output: [1 1 0.1 0.1 0.01 0.01]
}
