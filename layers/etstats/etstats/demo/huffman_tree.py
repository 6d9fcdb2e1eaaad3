"""Where the codes of `huffman.CODES` come from; reading a demo does not need this.

Both ends of a connection start with the same adaptive tree (Faller, Gallager and Knuth's), feed it each byte value as
often as `FREQUENCIES` says and never touch it again. Growing it takes seconds in Python, so the result is kept.
"""

from __future__ import annotations

# how often each value from 0 to 255 is fed to the tree
FREQUENCIES = tuple(
    int(count)
    for count in """
    250315 41193 6292 7106 3730 3750 6110 23283 33317 6950 7838 9714 9257 17259 3949 1778
    8288 1604 1590 1663 1100 1213 1238 1134 1749 1059 1246 1149 1273 4486 2805 3472
    21819 1159 1670 1066 1043 1012 1053 1070 1726 888 1180 850 960 780 1752 3296
    10630 4514 5881 2685 4650 3837 2093 1867 2584 1949 1972 940 1134 1788 1670 1206
    5719 6128 7222 6654 3710 3795 1492 1524 2215 1140 1355 971 2180 1248 1328 1195
    1770 1078 1264 1266 1168 965 1155 1186 1347 1228 1529 1600 2617 2048 2546 3275
    2410 3585 2504 2800 2675 6146 3663 2840 14253 3164 2221 1687 3208 2739 3512 4796
    4091 3515 5288 4016 7937 6031 5360 3924 4892 3743 4566 4807 5852 6400 6225 8291
    23243 7838 7073 8935 5437 4483 3641 5256 5312 5328 5370 3492 2458 1694 1821 2121
    1916 1149 1516 1367 1236 1029 1258 1104 1245 1006 1149 1025 1241 952 1287 997
    1713 1009 1187 879 1099 929 1078 951 1656 930 1153 1030 1262 1062 1214 1060
    1621 930 1106 912 1034 892 1158 990 1175 850 1121 903 1087 920 1144 1056
    3462 2240 4397 12136 7758 1345 1307 3278 1950 886 1023 1112 1077 1042 1061 1071
    1484 1001 1096 915 1052 995 1070 876 1111 851 1059 805 1112 923 1103 817
    1899 1872 976 841 1127 956 1159 950 7791 954 1289 933 1127 3207 1020 927
    1355 768 1040 745 952 805 1073 740 1013 805 1008 796 996 1057 11457 13504
    """.split()  # noqa: SIM905
)


class Node:
    """A place in the tree; *symbol* is None unless it is a leaf. Its *rank* orders all nodes by weight."""

    __slots__ = ("left", "parent", "rank", "right", "symbol", "weight")

    def __init__(self, symbol: int | None, weight: int) -> None:
        self.symbol = symbol
        self.weight = weight
        self.rank = 0
        self.parent: Node | None = None
        self.left: Node | None = None
        self.right: Node | None = None


class Tree:
    """An adaptive Huffman tree: every symbol fed to it moves towards the root."""

    def __init__(self) -> None:
        self.root = self.unsent = Node(None, 0)
        self.by_rank = [self.unsent]  # the lightest first
        self.leaves: dict[int, Node] = {}

    def feed(self, symbol: int) -> None:
        leaf = self.leaves.get(symbol)
        self._climb(self._split(symbol) if leaf is None else leaf)

    def _split(self, symbol: int) -> Node | None:
        """The leaf for what was never sent becomes a pair; gives back the node above it, which has grown heavier."""
        inner, leaf = Node(None, 1), Node(symbol, 1)
        above = self.unsent.parent
        self._replace(self.unsent, inner)
        inner.left, inner.right = self.unsent, leaf
        self.unsent.parent = leaf.parent = inner
        self.by_rank[1:1] = [leaf, inner]
        for rank, node in enumerate(self.by_rank):
            node.rank = rank
        self.leaves[symbol] = leaf
        return above

    def _climb(self, node: Node | None) -> None:
        """One more of everything from *node* to the root; then, from the root down, parents rank above children."""
        path = []
        while node is not None:
            self._grow(node)
            path.append(node)
            node = node.parent
        for child in reversed(path):
            parent = child.parent
            if parent is not None and parent.rank == child.rank - 1:
                self._swap_ranks(child, parent)

    def _grow(self, node: Node) -> None:
        by_rank, weight = self.by_rank, node.weight
        lead = node.rank
        while lead + 1 < len(by_rank) and by_rank[lead + 1].weight == weight:
            lead += 1
        leader = by_rank[lead]
        if leader is not node:
            if leader is not node.parent:
                self._swap_places(node, leader)
            self._swap_ranks(node, leader)
        node.weight += 1

    def _swap_ranks(self, one: Node, other: Node) -> None:
        one.rank, other.rank = other.rank, one.rank
        self.by_rank[one.rank], self.by_rank[other.rank] = one, other

    def _swap_places(self, one: Node, other: Node) -> None:
        above_one, above_other = one.parent, other.parent
        one_is_left = above_one is not None and above_one.left is one
        self._replace(other, one)
        if above_one is None:
            self.root = other
        elif one_is_left:
            above_one.left = other
        else:
            above_one.right = other
        one.parent, other.parent = above_other, above_one

    def _replace(self, old: Node, new: Node) -> None:
        """*new* hangs where *old* hung."""
        above = old.parent
        new.parent = above
        if above is None:
            self.root = new
        elif above.left is old:
            above.left = new
        else:
            above.right = new


def derive_codes() -> tuple[str, ...]:
    """The code of every value from 0 to 255; the first character is the first bit of the stream."""
    tree = Tree()
    for symbol, count in enumerate(FREQUENCIES):
        for _ in range(count):
            tree.feed(symbol)
    return tuple(_path(tree.leaves[symbol]) for symbol in range(256))


def _path(node: Node) -> str:
    bits = ""
    while node.parent is not None:
        bits = ("0" if node.parent.left is node else "1") + bits
        node = node.parent
    return bits
