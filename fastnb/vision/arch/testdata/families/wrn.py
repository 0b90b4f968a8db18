"""fast.ai's wrn_22, written anew after the paper and its description: three groups of three blocks, 96, 192 and 384
channels, batch norm and ReLU before each convolution, a fifth of each residual."""
from torch import nn

NAMES = ["wrn_22"]
SIZE, CLASSES = 32, 10

def conv(before, width, kernel, stride=1):
    return nn.Conv2d(before, width, kernel, stride, kernel // 2, bias=False)

class Block(nn.Module):
    def __init__(self, before, width, stride):
        super().__init__()
        self.bn, self.conv1 = nn.BatchNorm2d(before), conv(before, width, 3, stride)
        self.conv2 = nn.Sequential(nn.BatchNorm2d(width), nn.ReLU(), conv(width, width, 3))
        self.shortcut = conv(before, width, 1, stride) if before != width else nn.Identity()

    def forward(self, x):
        x = self.bn(x).relu()
        return self.shortcut(x) + .2 * self.conv2(self.conv1(x))

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        parts, before = [conv(3, 16, 3)], 16
        for i, width in enumerate((96, 192, 384)):
            for j in range(3):
                parts.append(Block(before, width, 2 if i > 0 and j == 0 else 1))
                before = width
        parts += [nn.BatchNorm2d(before), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(before, CLASSES)]
        self.features = nn.Sequential(*parts)

    def forward(self, x):
        return self.features(x)

def build(name):
    return Net()
