package schedule_test

import (
	"fmt"

	"github.com/fastnb/fastnb/fastnb/schedule"
)

func ExampleSchedule_Values() {
	fmt.Println(schedule.Linear(0, 1).Values(4))
	// Output: [0 0.25 0.5 0.75]
}

func ExampleSchedule_Times() {
	lr := schedule.Cos(1, 0).Times(1e-2)
	fmt.Printf("%.4f %.4f %.4f\n", lr(0), lr(.5), lr(1))
	// Output: 0.0100 0.0050 0.0000
}

func ExampleConst() {
	fmt.Println(schedule.Const(.9)(.5))
	// Output: 0.9
}

func ExampleLinear() {
	fmt.Println(schedule.Linear(0, 2)(.25))
	// Output: 0.5
}

func ExampleCos() {
	fmt.Printf("%.3f\n", schedule.Cos(0, 2)(.25))
	// Output: 0.293
}

func ExampleExp() {
	for _, lr := range schedule.Exp(1e-5, 10).Values(6) {
		fmt.Printf("%.0e ", lr)
	}
	// Output: 1e-05 1e-04 1e-03 1e-02 1e-01 1e+00
}

func ExamplePoly() {
	fmt.Println(schedule.Poly(0, 2, 2)(.25))
	// Output: 0.125
}

// One epoch up, a plateau, two epochs down.
func ExampleCombine() {
	s := schedule.Combine(
		schedule.Linear(0, 1).For(1),
		schedule.Const(1).For(1),
		schedule.Linear(1, 0).For(2))
	fmt.Println(s.Values(8))
	// Output: [0 0.5 1 1 1 0.75 0.5 0.25]
}

func ExampleOneCycle() {
	lr := schedule.OneCycle(1e-2, 25, 1e5, .5)
	mom := schedule.OneCycleMom(.95, .85, .95, .5)
	for _, pct := range []float64{0, .5, 1} {
		fmt.Printf("%.1e %.2f\n", lr(pct), mom(pct))
	}
	// Output:
	// 4.0e-04 0.95
	// 1.0e-02 0.85
	// 1.0e-07 0.95
}

// Three cycles of 1, 2 and 4 epochs; two batches an epoch.
func ExampleSGDR() {
	epochs := schedule.SumGeom(1, 2, 3)
	for _, lr := range schedule.SGDR(3, 2).Times(.1).Values(2 * epochs) {
		fmt.Printf("%.3f ", lr)
	}
	// Output: 0.001 0.050 0.100 0.085 0.050 0.015 0.100 0.096 0.085 0.069 0.050 0.031 0.015 0.004
}

func ExampleSumGeom() {
	fmt.Println(schedule.SumGeom(1, 2, 3))
	// Output: 7
}

func ExampleCircular() {
	fmt.Println(schedule.Circular(4, 2).Values(4))
	// Output: [0.25 0.625 1 0.625]
}

func ExampleCircularBeta() {
	fmt.Println(schedule.CircularBeta(10, 50).Values(4))
	// Output: [0.1 1 0.1 0.0505]
}
