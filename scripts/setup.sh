#!/bin/sh
# Bring the project's own environment: a virtual environment from the lock file, and, where we are
# root on a Debian-like system, Chromium and a CJK font. Without a browser everything else works.
set -eu
PYTHON="${PYTHON:-python3}"
VENV="${VENV:-.venv}"

"$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "需要 Python 3.11 或更高版本；可用 make PYTHON=/路径/python3.11 指定。" >&2
  exit 2
}

apt_install() {
  command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ] || return 1
  export DEBIAN_FRONTEND=noninteractive
  apt-get install -y -qq "$@" >/dev/null 2>&1 ||
    { apt-get update -qq >/dev/null 2>&1 && apt-get install -y -qq "$@" >/dev/null 2>&1; }
}

if [ ! -x "$VENV/bin/python" ]; then
  "$PYTHON" -m venv "$VENV" 2>/dev/null || {
    apt_install python3-venv && "$PYTHON" -m venv --clear "$VENV"
  } || {
    echo "无法建立虚拟环境：请先安装 python3-venv。" >&2
    exit 2
  }
fi
"$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
"$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .

if ! command -v chromium >/dev/null 2>&1 && ! command -v google-chrome >/dev/null 2>&1; then
  apt_install chromium || echo "提示：没有找到浏览器，将跳过需要浏览器的步骤（PDF、截图、脚本绘制的页面）。"
fi
if command -v fc-list >/dev/null 2>&1 && [ -n "$(fc-list :lang=zh 2>/dev/null)" ]; then
  :
else
  apt_install fontconfig fonts-noto-cjk || echo "提示：没有找到中文字体，图片和 PDF 中的汉字可能显示为方框。"
fi
