"""Who is who in the sample leak. Everybody and everything here is invented."""

from datetime import timedelta, timezone

CN = timezone(timedelta(hours=8))
SEED = 20220316

COMPANY = "青河霁石信息技术有限公司"
COMPANY_EN = "Qinghe Jishi Information Technology Co., Ltd."
SHELL = "青河川江渡科技有限公司"
CLIENT = "青河市数据联络办公室"
ADDRESS = "青河市砚池路18号B座1107室"
STAGING_IP = "203.0.113.86"
ZIP_PASSWORD = "Tinglan@2022"


class Person:
    def __init__(self, name, pinyin, role, phone, wechat, number="", mail=""):
        self.name, self.pinyin, self.role = name, pinyin, role
        self.phone, self.wechat, self.number, self.mail = phone, wechat, number, mail


LU = Person("陆知行", "Lu Zhixing", "总经理", "139-0000-1001", "wxid_b4k0n7e2rt5q21", "JS0001", "lu@jishi.example")
SHEN = Person("沈若岚", "Shen Ruolan", "销售总监", "139-0000-2217", "wxid_q7m2kd81xv3b22", "JS0017", "shen.rl@jishi.example")
GU = Person("顾一鸣", "Gu Yiming", "技术负责人", "139-0000-1309", "blue_kettle", "JS0009", "gu.ym@jishi.example")
XU = Person("许曼", "Xu Man", "财务主管", "139-0000-2323", "wxid_f0z9w3h6pl8c11", "JS0023", "xu.man@jishi.example")
LINMO = Person("林墨", "Lin Mo", "开发工程师", "139-0000-3107", "wxid_k2v6r1o9sb3n44", "JS0031", "lin.mo@jishi.example")
QIU = Person("邱野", "Qiu Ye", "运维工程师", "139-0000-3522", "wxid_m1c8y4g6qe7d02", "JS0035", "qiu.ye@jishi.example")
TIAN = Person("田小芮", "Tian Xiaorui", "行政人事", "139-0000-1212", "tianxiaorui_js", "JS0012", "hr@jishi.example")
LINJH = Person("林嘉禾", "Lin Jiahe", "川江科技经办人", "139-0000-7788", "wxid_7tj5d2s0ux9a33", "", "office@chuanjiang.example")
HAN = Person("韩锐", "Han Rui", "联络办信息科", "139-0000-5600", "hr_1979", "", "hanrui@lianluo.example")

STAFF = [LU, GU, TIAN, SHEN, XU, LINMO, QIU]
GROUP_ID = "48120000317@chatroom"

KOVROV = "Артём Ковров"
FALK = "Joren Falk"
