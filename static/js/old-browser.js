/* Only browsers without modules run this (IE mode of a dual-core browser): written for ES5. */
(function () {
  var banner = document.createElement("div");
  banner.className = "gt-banner";
  banner.setAttribute("role", "alert");
  banner.appendChild(document.createTextNode(
    "当前是兼容模式，页面可能显示不全。请切换到极速模式后重新打开。"
  ));
  document.body.insertBefore(banner, document.body.firstChild);
})();
