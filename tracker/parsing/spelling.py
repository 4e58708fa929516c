"""One spelling for the rules: traditional characters and half-width marks as the usual ones.

Every character is replaced by exactly one, so a place in the result is the same place in the
text. What a record quotes is taken from the text as printed, never from this.
"""

import re

# Only characters that rules and vocabularies use; the rest of a traditional text stays as it is.
_TRADITIONAL = (
    "個項問題類組對開進過時間報黨書記員會議領導縣區鎮鄉辦處務責單門關於針動發現實際統應該規範則訂"
    "計劃預達還餘數據萬億兩號棟臺張筆畝戶積總經濟財資產費補繳償賠紀違誡談話約罰銷結終續維護長堅強"
    "嚴細準確環審視監電傳郵編碼聯係繫絡歡廣眾熱誠見饋況階顯鞏後從無來盡爭擬將東歷遺難點軟頭網線設"
    "備裝檢驗試條決穩協調連當場歸檔兌換屆選舉撥給級學習農業養圍庫閉順暢淨虛災險隱偽夠亂糾樹風氣貫"
    "徹執認識覺擔負態體機構職崗轉讓減標滿較參與觀聽匯彙講課師醫藥術療買賣購價節壓錄錯誤說語詞讀寫"
    "圖館園塊壞邊遠運輸車輛雙獨隻種稱複復質貧幫帶層屬暫緩滯廢棄釋訟訴訪詢證許簽鑑閱寬鬆極繼績納純"
    "國團隊齊裡幹製亞願歲闊湧創勞勵獎鑒攔擴聲勢衛檯騙獲龍馬龐內盤衝彈勁優儘啟佈闆傑託週麼樣閒輪綜"
    "訊徵籌緊縮釐簡滅廳陽臨須頒駐獻懲囑訓練遞鋪額別攬併幾畢隨適曆鍵儀"
)
_SIMPLIFIED = (
    "个项问题类组对开进过时间报党书记员会议领导县区镇乡办处务责单门关于针动发现实际统应该规范则订"
    "计划预达还余数据万亿两号栋台张笔亩户积总经济财资产费补缴偿赔纪违诫谈话约罚销结终续维护长坚强"
    "严细准确环审视监电传邮编码联系系络欢广众热诚见馈况阶显巩后从无来尽争拟将东历遗难点软头网线设"
    "备装检验试条决稳协调连当场归档兑换届选举拨给级学习农业养围库闭顺畅净虚灾险隐伪够乱纠树风气贯"
    "彻执认识觉担负态体机构职岗转让减标满较参与观听汇汇讲课师医药术疗买卖购价节压录错误说语词读写"
    "图馆园块坏边远运输车辆双独只种称复复质贫帮带层属暂缓滞废弃释讼诉访询证许签鉴阅宽松极继绩纳纯"
    "国团队齐里干制亚愿岁阔涌创劳励奖鉴拦扩声势卫台骗获龙马庞内盘冲弹劲优尽启布板杰托周么样闲轮综"
    "讯征筹紧缩厘简灭厅阳临须颁驻献惩嘱训练递铺额别揽并几毕随适历键仪"
)
_ONE_SPELLING = str.maketrans(
    _TRADITIONAL + ",;:!?｡０１２３４５６７８９", _SIMPLIFIED + "，；：！？。0123456789"
)
# A dot behind a Chinese character ends a sentence; behind an outline number it does not, nor does
# it before a digit or a letter.
_STOP = re.compile(
    r"^[ \t\u3000]*[（(]?[一二三四五六七八九十]{1,4}[）)]?\."
    r"|(?<=[\u4e00-\u9fff”’》）)\"])\.(?![0-9A-Za-z.])",
    re.M,
)

# ３５６．２万元; behind the number that opens a line the dot counts headings: １．２０２３年….
_WIDE_POINT = re.compile(r"(?<=\d)．(?=\d)(?<!^\d．)(?<!^\d\d．)", re.M)


def plain(text: str) -> str:
    """Return the text in the one spelling, character for character.

    >>> plain('關於"值守"不嚴的問題.一是排班,抽查3.5次')
    '关于“值守”不严的问题。一是排班，抽查3.5次'
    """
    text = text.translate(_ONE_SPELLING)
    if "." in text:
        text = _STOP.sub(lambda m: "。" if m[0] == "." else m[0], text)
    if "．" in text:
        text = _WIDE_POINT.sub(".", text)
    if '"' in text:
        text = "\n".join(_paired(line) for line in text.split("\n"))
    return text


def _paired(line: str) -> str:
    """Open and close straight quotation marks in turn; an odd number of them means nothing."""
    pieces = line.split('"')
    if len(pieces) % 2 == 0:
        return line
    return pieces[0] + "".join(
        ("“" if n % 2 else "”") + piece for n, piece in enumerate(pieces[1:], start=1)
    )
