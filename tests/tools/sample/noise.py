"""Everyday talk for the sample leak: small dialogues with alternatives `{a|b}`, drawn without
repeating one before the bag is empty. Speakers are A, B, C ...; a line `A:` without text is a
message without text (a picture, a voice message)."""

import re

# Chinese office life; used in every WeChat conversation.
OFFICE = """
A:中午吃{啥|什么|点啥}
B:{楼下那家面馆|食堂|黄焖鸡|沙县}{吧|?|走起}
A:{又吃这个|行|可以}{[捂脸]||，十二点走}
B:{十二点|十一点五十|半点}电梯口

A:{早|早啊|早上好}
B:早[太阳]
A:今天{地铁|路上}{堵死了|挤成饼了|又限流}，{晚到十分钟|帮我占个会议室}
B:{没事|好嘞|知道了}

A:打印机又{卡纸|罢工|没墨}了
B:找{行政|物业|前台}
A:她说{下午来修|已经报修了|让先用三楼的}
B:{服了|行吧|三楼的也坏}

A:明天{降温|下雨|有暴雨}，{记得带伞|多穿点}
B:{收到|谢谢提醒|好}[OK]

A:今天的会改到{三|四|两}点半了
B:{哪个会议室|还是小会议室吗|线上还是线下}
A:{小会议室|302|线上，链接一会儿发}
B:{好的|收到|ok}
A:

A:{我请半天假|下午请个假|明天上午晚点到}，{孩子打疫苗|去趟医院|办个证}
B:{好，路上慢点|行，OA上补一下|知道了}
A:{已经提了|晚上补|好的谢谢}

A:谁{动了|拿走了}我{工位上的|的}{充电器|转接头|伞}
B:不是我
B:{问问小周|可能在会议室|昨天看见在茶水间}
A:{找到了[捂脸]|算了我用备用的|离谱}

A:{快递|外卖}到了{没|吗}
B:{前台说没有|在前台|货架第二层}
A:{好我去拿|怪了，显示签收了|谢谢}

A:这周{六|日}要{加班|来一趟|值班}吗
B:{看情况|应该不用|领导没说}
A:{没说就是要|那我先不买票|希望不用}[捂脸]
B:哈哈哈哈

A:{奶茶|咖啡}拼单{吗|不|，还差一杯}
B:{我要少糖|去冰三分糖|拿铁热的}
A:{好|记上了|转我{18|22|15.5}}
B:

A:{考勤|打卡}机又把我记成{迟到|缺卡}了
B:去系统里{补签|改一下}
A:这个月{第三次|第二次}了，{离谱|烦}
B:[流泪]

A:{空调|暖气}能不能{调高点|关小点|修修}
B:{遥控器在前台|我也觉得|坐我这边来}
A:{好的|冻死了|谢谢}

A:{周末|放假}去哪{玩|儿了}
B:{在家躺着|带娃|爬山去了}，{累死|挺好|人太多}
A:{羡慕|我加班|下次叫我}
B:[呲牙]

A:{这个月|上个月}工资{发了吗|到了没|怎么还没到}
B:{没|还没呢|财务说下周}
A:{房贷|信用卡}要{还不上|逾期}了都
B:{+1|谁不是呢|问问财务}

A:球赛看了{吗|没}
B:看了{上半场|一半睡着了|，气死}
A:{点球那个|门将|换人}{绝了|太离谱|没法看}
B:{不说了|唉|明年再来}

A:食堂今天有{红烧肉|酸菜鱼|糖醋排骨}，{快来|晚了没了}
B:{马上|给我打一份|减肥呢}
A:

A:网{断了？|好卡|又抽风}
B:{我这边正常|重启路由了|等两分钟}
A:{好了|还是不行|切热点了}
B:{嗯|报修吧|[OK]}

A:车位{被占了|谁的车挡着我了}，尾号{203|771|585}
B:{好像是楼上公司的|我去问问保安|马上挪}
A:{谢谢|急，要出去见客户|好}

A:生日快乐[蛋糕]
B:谢谢{！！|大家|[抱拳]}
A:晚上{吃火锅|撸串|聚一下}？
B:{走|明天吧，今天要交东西|AA啊}

A:{钥匙|门禁卡}{忘带了|落家里了}，{下来接我一下|帮我开个门}
B:来了
A:{谢谢谢谢|恩人}

A:听说{隔壁|楼上}公司{搬了|裁人了|倒了}
B:{真的假的|上周就听说了|哪家}
A:{做教育那家|做直播的|桌子都在往外搬}
B:{唉|今年都难|管好自己吧}

A:{团建|年会}定了{吗|没}
B:{说是去农家乐|没钱|行政在问人数}
A:{又是农家乐|我报名|能不能折现}
B:{哈哈哈|你去跟老板说|[捂脸]}

A:{发票|车票|餐票}{交了吗|贴完没}，{今天截止|财务在催}
B:{贴了一半|还差两张|交了}
A:{快点|下班前给我|晚了算下个月}
B:{好好好|马上|嗯嗯}

A:有{创可贴|感冒药|胃药}吗
B:抽屉里{有|，自己拿}
A:{救命|谢了}
B:{多喝热水|早点回去吧}

A:{新来的|实习生}{坐哪|叫啥来着}
B:{靠窗那个位子|姓周好像|下周才来}
A:{哦哦|行|电脑还没领}
""".strip()

# Work on the product.
TECH = """
A:{测试|预发|演示}环境{挂了|起不来|502}
B:{我看看|刚重启过|谁又改配置了}
A:{不是我|日志在群里发了|好像是磁盘满了}
B:{清了{20|35|12}个G|好了再试|等我五分钟}
A:{可以了|好了|还是慢}

A:{昨晚|刚才}的{索引|任务|备份}跑完了吗
B:{跑到一半断了|还剩{三|两}成|完了}
A:{重跑吧|别动它|那我接着导}
B:嗯

A:这个{接口|字段|正则}{谁写的|怎么老报错}
B:{祖传的|上一任写的|我写的，咋了}
A:{全角数字匹配不上|时间少了八小时|空值没判断}
B:{改了|提个单|晚上我改}
A:{[强]|辛苦|别忘了加测试}

A:{分支|代码}合了{没|吗}
B:{冲突了|合了，跑一下|等评审}
A:{我解吧|行|快点，下午要演示}

A:{客户|现场}说{导出|检索|登录}{特别慢|打不开|老超时}
B:{多大数据量|什么浏览器|几点的事}
A:{四十多万条|IE|刚才}
B:{让他换个浏览器|加个索引试试|先重启}
A:{……|行我说一声|又是重启}

A:{数据库|ES|缓存}{密码|账号}改了{？|吗}
B:{改了，问老郑|没改|在文档里}
A:文档{在哪|打不开|是去年的}
B:{共享盘/部署|我发你|等下}
A:

A:{分词|实体识别|去重}那块{准吗|效果咋样}
B:{中文还行，俄文一塌糊涂|人名老是切错|凑合}
A:{先上线再说|要不要换模型|样本太少}
B:{你定|没卡训|慢慢来}

A:磁盘还剩{8%|十几个G|不到一百G}
B:{把去年的日志删了|先压缩|申请了，没批}
A:{又没批|我先挪到备机|那只能删}
B:{小心点|删之前备份|[OK]}

A:{培训|操作}手册{更新|改}到{第三|第四|第五}章了
B:{截图记得打码|界面都变了重截吧|辛苦}
A:{知道|好|重截要命}

A:{VPN|跳板机}连不上
B:{换个节点|证书过期了|我也连不上}
A:{哪个节点|谁管证书|等老郑}
B:{他在修|二号|重新下发了}
A:{好了|可以了|谢谢}

A:{升级|割接}放{今晚|周五晚上|明早六点}？
B:{周五不行，没人值班|今晚吧|听客户的}
A:{那今晚九点|行|我在群里通知}
B:{收到|我带电脑回去|[OK]}

A:{报表|统计}里{总数|昨天的数}对不上
B:{差多少|时区问题吧|重复没去干净}
A:差{三百多|{17|41}条|一倍}
B:{我查查|那就是重复|明天看}
A:{行|急|领导等着看}
""".strip()

# Customers, quotes, papers.
SALES = """
A:{资料|方案|PPT}{发您邮箱了|改好了|放共享盘了}
B:{收到|我看看|晚上看}
A:{有问题随时说|第{8|12|15}页您重点看下|好的}
B:[OK]

A:{下周|这周}{几|哪天}方便{过去|拜访}
B:{周三下午|周四上午|再约吧，最近检查}
A:{好的，周三见|那我周一再问您|明白}
B:{嗯|到了打电话|好}

A:{招标|采购}文件{出了吗|什么时候挂网}
B:{月底|领导还没签|快了}
A:{参数按我们的写|麻烦您多费心|需要盖章的您说}
B:{知道|不方便打字|见面聊}

A:{茶叶|月饼|水果}{收到了吗|放您门卫了}
B:{太客气了|收到了，下次别这样|谢谢}
A:应该的{[抱拳]|，一点心意|}

A:{演示|试用}账号{还能用吗|过期了}
B:{给您续到月底|我让技术重置|稍等}
A:{好|快点，领导要看|嗯}
B:{好了，密码没变|已续|您刷新一下}
A:

A:{航班|高铁}{晚点|改签}了，{晚上|十点}才到
B:{派车接您|酒店订好了|注意安全}
A:{不用麻烦|好的谢谢|打车就行}

B:{上次说的|那个}{材料|清单|盖章件}{还差|缺}{一份|两页|授权书}
A:{我催一下|明天补|这就让人寄}
B:{快|领导问了|明天一定}
A:{一定|收到|好的好的}

B:{参会|培训}名单{给我一下|定了吗}
A:{五|八|十二}个人
B:{身份证号也要|车牌也要|好}
A:{稍后发您|马上|好的}
A:
A:

A:{领导|科长|主任}今天{在吗|心情咋样}
B:{开会呢|出差了|还行}
A:{那我明天来|我等会儿打|好}

A:{友商|另外一家}报多少{？|您知道吗}
B:{不好说|比你们低|你懂的}
A:{我们再让一点|我跟陆总汇报|服务不一样}
B:{先这样|嗯|抓紧}
""".strip()

# Two people who know each other well.
PRIVATE = """
A:睡了{吗|没}
B:{没|刚躺下|还在改标书}
A:{早点睡|别太拼|明天再说吧}
B:{你也是|嗯|晚安[月亮]}

A:{晚上|下班}{喝点|吃串}？
B:{行啊|今天不行，老婆查岗|改天}
A:{老地方|那周五|没劲}
B:{[憨笑]|ok|到时候叫你}

A:{房租|学费|油价}又涨了
B:{唉|日子没法过|跳槽吧}
A:跳哪去，{都在裁人|三十五了|简历都没人看}
B:{扎心|……|[捂脸][捂脸]}

A:你说{年终奖|涨薪}还有戏{吗|没}
B:{别想了|画饼呢|去年的还欠着}
A:{也是|呵呵|我记着账呢}
B:

A:{帮我|你能}{看下这个截图|听一下录音|转个文件}{|吗}
A:
B:{看不清|打不开|这啥}
A:{重发|等下电脑发|算了当面说}

A:到家了{吗|没}
B:{到了|堵在桥上|刚出公司}
A:{好|慢点开|佩服}

A:{股票|基金}{绿了|又跌|跌麻了}
B:{别看了|我已经卸载了|关灯吃面}
A:{[裂开]|回本就卖|}

A:{麻将|掼蛋}三缺一
B:{几点|没钱|来了}
A:{八点|老规矩|十块的}
B:{行|去|[OK]}

A:{体检|报告}{出来了|怎么样}
B:{脂肪肝|血压高|还行，让少熬夜}
A:{标配|注意点|哈哈同款}

A:今天{那位|老板}{又发火了|心情好}
B:{为啥|我听见了|门都摔了}
A:{回款|客户又压价|谁知道}
B:{躲远点|唉|[嘘]}
""".strip()

# The boss (A) and his sales director (B).
BOSS = """
A:{苍屏|临崖|枫渡湾}那边{款到了吗|谈得怎么样|谁在跟}
B:{还在走流程|到了一半|我在跟，下周见面}
A:{盯紧|抓紧|别拖到季度末}
B:好的陆总

A:{明天|后天}{上午|下午}跟我去趟{园区|银行|市里}
B:{好|几点|带材料吗}
A:{九点楼下|两点|我让司机接你}
B:收到

A:这个月{业绩表|周报|回款表}发我
B:{晚点发您|在做|发您邮箱了}
A:{数字对不上|好看一点|嗯}
B:{我再核一遍|好|明白}

A:投资人{下周来|问团队规模}，{PPT再改改|准备一下}
B:{人数写多少|按上次的版本？|好}
A:{写八十|写多点|你看着办}
B:[OK]

A:{晚上|今晚}陪{王总|刘主任|银行的人}吃饭
B:{好，在哪|我有点感冒|几个人}
A:{老地方|望潮楼|地址发你}
B:{收到|好的}
A:

B:陆总，{下面人问工资|房租该交了|车险到期了}
A:{再等等|让许曼处理|知道了}
B:{好|嗯|他们情绪有点大}

B:陆总，{临崖|白鹭汀}想{再便宜两万|分三期付}
A:{不行|可以，合同先签|你定}
B:{好的|我去谈}

A:{手机没电|在开车|在飞机上}，{有事留言|晚点说|打给小田}
B:{好的|不急}

B:陆总，{高铁票|酒店|机票}订好了
A:{几点的|发我|[抱拳]}

A:{办公室|园区}那边{物业费|空调}{谁在管|怎么回事}
B:{小田|我问问小田}
A:{让她处理|嗯}

B:陆总，{沅澄湖|砺霞岭}的{尾款|首款}到了，{六|八|十一}万
A:{好|总算|先还银行}
B:{嗯|[强]}

A:{下午|晚上}{帮我挡一下|谁找我都说不在}
B:{好|明白|[OK]}

A:{名片|画册}{印了吗|还有多少}
B:{印了|剩一盒|印厂说周五}
A:{带上|好}

B:{快递|合同}{放您桌上了|寄到您家了}
A:{好|看到了|让嫂子收}
""".strip()

# The sales director (A) and the woman who signs for the other company (B).
ERRAND = """
A:{章|公章}在你{那|手上}吗
B:{在|在库房|锁柜子里}
A:{明天带来|别弄丢|用完还我}
B:{好的姐|放心}

B:姐，{快递|发票|合同}到了{三|两}{份|件}
A:{放1107|先收着|拍给我看}
B:
A:{好|收到}

A:{这周|月底}{能开票吗|额度还剩多少}
B:{还有十来万|要等下月|能}
A:{行|那下月|先开着}

B:姐，{银行|税务}{打电话来|让补材料}
A:{别乱说|让许姐教你怎么讲|我问问}
B:{知道|好，我没说什么}

A:{转账|回单}截图发我
B:
B:{看得清吗|这张}
A:{可以|重发一张|[OK]}

B:姐{吃了吗|忙吗}
A:{在开会|刚吃|说}
B:{没事，问个好|那晚点说}

B:姐，{这个月|上个月}{钱|辛苦费}还没{到|发}
A:{催了|下周|找陆总批呢}
B:{好吧|不急|嗯嗯}
""".strip()

# Finance (A) and the woman of the other company (B).
MONEY = """
A:{回单|流水|对账单}{发我|传一下}
B:
A:{印章不清楚|收到|少一页}
B:{重拍|好|明天补}

A:你们{这个月|本季}{报税了吗|零申报了没}
B:{报了|还没，截止哪天|代账在弄}
A:{15号|别逾期|报表给我留一份}
B:{好的许姐|嗯嗯}

B:许姐，{U盾|网银}{过期了|密码锁了}
A:{带执照去柜台|我陪你去|打客服}
B:{哪天|要法人到吗|好}
A:{要|周四上午|别跟柜员多说}

A:{开票|进项}{额度|税点}{还差多少|够吗}
B:{差六个点|够|问代账}
A:{那下月补|行|少开一张}

B:{房租|水电}的{发票|收据}要不要
A:{要|都要，贴A4纸|不要，那是我们的}
B:{哦哦|好|抬头写谁}
A:{写你们|写川江|算了别写}

A:{备用金|现金}{还剩多少|用完了吗}
B:{一万二|三千多|没了}
A:{记个数|别花了|周五给你补}
B:{好|[OK]}

B:{快递费|代账费|刻章费}{谁出|我先垫了}
A:{你先垫|发票给我}
B:{又是我垫[流泪]|好吧}

A:{下午|明天}来{一趟|签个字}
B:{几点|带章吗|在外面，晚点}
A:{两点|带|快点，我要走账}
B:{好|出发了}

A:{年报|工商}{公示了吗|地址核查来电话没}
B:{公示了|打过一次，没接|没有}
A:{接了就说在装修|好|有事找我}
B:{知道}

B:许姐，{银行来查|打电话问}{用途|上下游}
A:{就说技术服务|合同给他看|我来回}
B:{吓死|好|嗯}
""".strip()

# The customer's operator (A) and the support (B).
SUPPORT = """
A:{检索|导出|登录}{很慢|报错|没反应}
B:{截图发一下|什么浏览器|看到了，在处理}
A:
B:{清缓存再试|已重启|索引在重建，十分钟}
A:{好了|还是一样|收到}

A:{账号|密码}{被锁了|忘了}
B:{已解锁|重置为初始密码，请尽快修改}
A:{谢谢|进去了|收到}

A:{今天|昨天}的数据{没更新|少了一半}
B:{采集延迟|上游限流|补跑中}
A:{领导要看|多久能好|尽快}
B:{一小时内|下班前|好的}

A:报表能不能{加一列|导成Excel|按周统计}
B:{可以，下个版本|已有，右上角|记下了}
A:{好|急用|谢谢}

A:{俄文|英文}的{显示乱码|翻译不通}
B:{编码问题，已修|机器翻译仅供参考|模型在更新}
A:{那先这样|好|不能用啊}

A:{大屏|首页}{时间不对|慢了八小时}
B:{服务器是UTC，换算一下|已改成北京时间|显示层的问题}
A:{改了|还是不对|可以了}

B:{例行|安全}巡检{开始|完成}，{影响约五分钟|无异常}
A:{收到|好}

A:{新同事|借调的}要{开个账号|加权限}
B:{发工号|走申请单|几个人}
A:{两个|稍后发|好}
B:{已开|收到}
""".strip()

# A foreign buyer (A) and those who sell (B), on Telegram and WhatsApp.
TRADE = """
A:any news on the {port|telecom|shipping} set?
B:{next week|not before Friday|still waiting}
A:{ok|client is impatient|fine}

A:price for {10k|50k|200k} rows?
B:{depends on fields|same as last time|let me ask}
A:{mail and phone|all fields|just names}
B:{then a bit more|ok|I'll send a quote}

A:{sample|preview} please
B:{tomorrow|sent|no previews}
A:{got it|looks old|half of these bounce}
B:{refresh is in may|it is what it is|I will check}

A:are you {there|awake}?
B:{now yes|it is late here|traveling}
A:{call?|never mind|when back?}
B:{monday|in an hour|ok}

A:{wire|payment} {sent|is on the way}
B:{which bank|thanks|not here yet}
A:{takes two days|check again|as usual}

A:happy {easter|new week|birthday}
B:{thanks!|you too|🙂}

A:the file is {corrupt|password protected|empty}
B:{again?|wrong link|same password}
A:{works now|send again|ok}

A:{holiday here|office closed} until {wednesday|monday}
B:{noted|enjoy|ok}

A:can we {talk prices|meet} in {june|autumn}?
B:{maybe|not by plane|video is fine}
A:{ok|I'll set it up|sure}

A:your {deck|pdf} says {12 languages|0.3 seconds}, {true|really}?
B:{mostly|on a good day|yes}
A:{lol|good enough|noted}

A:{typo|mistake} in the {invoice|contract}, {page 2|the date}
B:{fixed|will resend|which one}
A:{thanks|ok}

A:who do I ask about {refunds|format|encoding}?
B:{me|kettle|nobody}
A:{great|as expected|...}

A:
B:{what is this|nice|don't send pictures here}
A:{sorry|test|never mind}
""".strip()

# English: the developers on Slack.
ENGLISH = """
A:morning {all|everyone|}
B:{morning|hey|hi}
A:{standup in 10|skipping standup today, dentist|build is green again}

A:anyone touched the {staging|demo} box? it's {down|slow as hell|out of disk}
B:{restarting|not me|looking}
A:{thanks|it was the cron job again|ok back up}

A:can you {review|look at} {my patch|the export fix|the parser branch}?
B:{after lunch|on it|which one}
A:{the small one|the one from Friday|no rush}
B:{done, two nits|lgtm|left comments}

A:the docs are {from 2019|in Chinese only|wrong}
B:{I'll translate|welcome to the team|which page}
A:{all of it lol|chapter 4|never mind, found it}

A:invoice {received|still missing}?
B:{finance says next week|yes thanks|not yet}
A:{ok|please chase it|again?}

A:call at {3|4|half past two} your time?
B:{works|can we do tomorrow|let me check}
A:{great|sure|ping me}

A:{coffee machine|VPN|mirror} is {broken|back|on fire}
B:{again|:(|use the other one}

A:happy {friday|new week|holidays}
B:you too
A:{any plans?|see you monday|don't work too much}

A:{timestamps|dates} in the export are {off by eight hours|strings|in three formats}
B:{it's UTC, read the readme|parse them all|known issue}
A:{there is no readme|ok|sigh}

A:{tests|benchmarks} {pass|fail} on my machine
B:{ship it|of course|which python}
A:{3.8|don't ask|the old one}

A:who owns the {crawler|dedupe job|dashboard}?
B:{nobody|yiming I think|was xiao lin}
A:{right|I'll take it|let's kill it}

A:{lunch|tea}?
B:{noodles|already ate|5 min}

A:thanks for {the quick answer|yesterday|the files}
B:{no problem|anytime|sure}
""".strip()

# Russian with a little English: jabber.
RUSSIAN = """
A:привет
B:{привет|здарова|тут}
A:{как дела|есть минутка?|ты живой}
B:{норм|работаю|да, пиши}

A:сервер {лежит|опять тормозит|поднялся}
B:{сейчас гляну|перезагрузил|диск забит}
A:{ок|спасибо|жду}

A:{когда оплата|деньги пришли?|счёт получил?}
B:{на неделе|банк держит|да}
A:{опять|хорошо|скинь подтверждение}

A:архив {битый|не открывается|скачал}
B:{перезалью|пароль прежний|размер проверь}
A:{понял|совпадает|не тот пароль}

A:завтра {выходной|не буду|после обеда}
B:{принял|ок|хорошо}

A:пришли {хеш|список|пример}
B:{в почте|через час|минуту}
A:{получил|жду|ок}

A:у вас {который час|уже ночь?}
B:{+8 от лондона|поздно|три часа дня}
A:{понял|тогда завтра|извини}

A:{прокси|впн} {сдох|медленный}
B:{возьми другой|знаю|у всех так}
""".strip()

SHORT = ["好的", "收到", "嗯嗯", "ok", "[OK]", "[捂脸]", "", "行", "哈哈", "1", "？", "稍等", "明白", "", "好嘞", "对", "[强]"]


def dialogues(text):
    """Blocks separated by an empty line; each a list of (speaker letter, template)."""
    return [[tuple(line.split(":", 1)) for line in block.split("\n")] for block in text.split("\n\n")]


BAGS = {name: dialogues(globals()[name]) for name in ("OFFICE", "TECH", "SALES", "PRIVATE", "BOSS", "ERRAND", "MONEY", "SUPPORT", "TRADE", "ENGLISH", "RUSSIAN")}

ROLES = ("SALES", "BOSS", "ERRAND", "MONEY", "SUPPORT", "TRADE")

INNER = re.compile(r"\{([^{}]*)\}")


class Talker:
    """Draws dialogues from bags so that one comes again only when all others have been used."""

    def __init__(self, rng, bags):
        self.rng = rng
        # In these A is a role, not chance: the first of the speakers.
        self.roles = [d for bag in bags if bag in ROLES for d in BAGS[bag]]
        self.all = [d for bag in bags for d in BAGS[bag]]
        self.left = []

    def fill(self, template):
        while True:
            found = INNER.search(template)
            if not found:
                return template
            choice = self.rng.choice(found.group(1).split("|"))
            template = template[: found.start()] + choice + template[found.end() :]

    def session(self, speakers, most):
        """A list of (speaker, text), at most `most` long, by some of the speakers."""
        if not self.left:
            self.left = self.all[:]
            self.rng.shuffle(self.left)
        lines = self.left.pop()
        cast = list(speakers)
        first = [cast.pop(0)] if lines in self.roles else []
        self.rng.shuffle(cast)
        cast = first + cast
        names = {letter: cast[i % len(cast)] for i, letter in enumerate("ABCD")}
        out = [(names[letter], self.fill(text)) for letter, text in lines]
        if self.rng.random() < 0.35 and any("\u4e00" <= c <= "\u9fff" for _, t in lines for c in t):
            out.append((names[self.rng.choice("AB")], self.rng.choice(SHORT)))
        return out[:most]
