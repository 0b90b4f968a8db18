// Package nn has the layers and losses of a network as graph functions whose gradients are checked by tests.
//
// A layer takes the scope that holds its own variables, then its input: nn.Conv(s.In("conv1"), x, 64, 7). Images are
// NHWC, kernels HWIO, dense weights [in, out]; variables have PyTorch's names ("weight", "bias", "running_mean",
// "running_var"), so that a scope path reads as a PyTorch parameter name. Weights start as Kaiming normal (fan in,
// He et al. 2015, arXiv:1502.01852), biases at zero, drawn from the store's RNG. Like all graph functions these panic
// on wrong shapes.
//
// The layers are written here and not taken from GoMLX (v0.28) because some of its own can't be trained or frozen as a
// pretrained net wants it: the batch norm that has gradients on every backend stops them at the batch's mean and
// variance, a frozen one doesn't build or has its weights thawed at every build; a convolution in groups is broken; the
// LSTM is unrolled and takes a minute to compile at 70 steps, where the loop here takes two seconds.
package nn
