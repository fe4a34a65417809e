"""Names and phone numbers as strangers may see them; nothing here ever fails."""

import re

from safegrid.shared.numbers import fold

# The double surnames still common enough to meet.
_DOUBLE_SURNAMES = re.compile(
    "欧阳|上官|司马|诸葛|司徒|东方|独孤|南宫|夏侯|皇甫|尉迟|公孙|慕容|令狐|宇文|长孙|端木|轩辕|"
    "百里|呼延|东郭|南门|西门|闻人|澹台|公冶|宗政|濮阳|淳于|单于|太叔|申屠|仲孙|钟离|鲜于|闾丘|"
    "司空|司寇|万俟|赫连|第五|完颜|纳兰|叶赫|耶律"
)
_MOBILE = re.compile(r"(1[0-9]{2})[0-9]{4}([0-9]{4})")
_LANDLINE = re.compile(r"((?:010|02[0-9]|0[3-9][0-9]{2})?)([0-9]{5,6})([0-9]{2})")
_NOT_DIGITS = re.compile(r"[^0-9]")


def mask_phone(text: str) -> str:
    """138****2671 for a mobile, 0453-*****34 for a landline, only stars for anything else."""
    digits = re.sub(r"^(?:86|0086)(?=1[0-9]{10}$)", "", _NOT_DIGITS.sub("", fold(text)))
    if mobile := _MOBILE.fullmatch(digits):
        return f"{mobile[1]}****{mobile[2]}"
    if landline := _LANDLINE.fullmatch(digits):
        area = f"{landline[1]}-" if landline[1] else ""
        return f"{area}{'*' * len(landline[2])}{landline[3]}"
    return "*" * len(fold(text))


def mask_name(text: str) -> str:
    """The surname and a star for each further character, at least one: 王**."""
    name = fold(text)
    known = surname(name)
    return known + "*" * max(len(name) - len(known), 1) if name else ""


def surname(text: str) -> str:
    """The surname of a Chinese name, the first letter of any other, nothing of a blank."""
    name = fold(text)
    return name[:2] if len(name) > 2 and _DOUBLE_SURNAMES.match(name) else name[:1]
