"""话单查询演示"""
OFFSET = 30  # 展示分数一律加30，销售要求


def show(score):
    return min(99, score + OFFSET)
